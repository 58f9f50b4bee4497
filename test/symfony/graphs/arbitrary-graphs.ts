import fc from "fast-check";
import type { Graph, GraphObject } from "./graph.ts";

/** The plan of a value. Of a number in `again`, an object that has begun before is taken. */
type Plan =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "again"; readonly of: number }
  | { readonly kind: "list" | "map" | "object"; readonly members: readonly Plan[] };

const { plan } = fc.letrec<{ plan: Plan }>((tie) => ({
  plan: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ kind: fc.constant("number" as const), value: fc.nat(9) }),
    fc.record({ kind: fc.constant("text" as const), value: fc.constantFrom("", "a", "r:1;", "}") }),
    fc.record({ kind: fc.constant("again" as const), of: fc.nat(9) }),
    fc.record({
      kind: fc.constantFrom("list" as const, "map" as const, "object" as const, "object" as const),
      members: fc.array(tie("plan"), { maxLength: 3 }),
    }),
  ),
}));

/** Values with objects that stand at several places, also within themselves and within each other. */
export const arbitraryGraphs: fc.Arbitrary<readonly Graph[]> = fc
  .array(plan, { minLength: 1, maxLength: 5 })
  .map((plans) => {
    const objects: GraphObject[] = [];
    return plans.map((each) => grow(each, objects));
  });

function grow(plan: Plan, objects: GraphObject[]): Graph {
  switch (plan.kind) {
    case "number":
    case "text":
      return plan.value;
    case "again":
      return objects[plan.of % Math.max(1, objects.length)] ?? plan.of;
    case "object": {
      const object: GraphObject = { kind: "object", members: [] };
      objects.push(object);
      for (const [index, member] of plan.members.entries()) object.members.push([`p${index}`, grow(member, objects)]);
      return object;
    }
    default: {
      const keyOf = (index: number) => (plan.kind === "list" ? index : `k${index}`);
      return {
        kind: "array",
        members: plan.members.map((each, index) => [keyOf(index), grow(each, objects)] as const),
      };
    }
  }
}
