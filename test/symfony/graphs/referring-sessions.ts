import fc from "fast-check";

/** The plan of a value. Of a number in `of`, something that has been written before is taken. */
type Plan =
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "array" | "object"; readonly members: readonly Plan[] }
  | { readonly kind: "R" | "r"; readonly of: number };

const { plan } = fc.letrec<{ plan: Plan }>((tie) => ({
  plan: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant("integer" as const), value: fc.nat(9) }),
    fc.record({ kind: fc.constantFrom("R" as const, "r" as const), of: fc.nat(30) }),
    fc.record({
      kind: fc.constantFrom("array" as const, "array" as const, "object" as const),
      members: fc.array(tie("plan"), { maxLength: 3 }),
    }),
  ),
}));

export const attributeNames: readonly string[] = ["a", "b", "c", "d", "e", "f"];

/**
 * Sessions with `r:` and `R:`, by the serializer `php`. No `R:` refers to an object: PHP itself confuses such a reference
 * with another place of the object.
 */
export const arbitraryReferringSessions: fc.Arbitrary<string> = fc
  .array(plan, { minLength: 2, maxLength: attributeNames.length })
  .map(textOf);

function textOf(plans: readonly Plan[]): string {
  const [variables, objects]: [number[], number[]] = [[], []];
  let slot = 1; // of the attributes
  const write = (each: Plan): string => {
    const variable = each.kind === "R" ? variables[each.of % Math.max(1, variables.length)] : undefined;
    if (variable !== undefined) return `R:${variable};`;
    slot += 1;
    const own = slot;
    if ("of" in each) {
      const object = objects[each.of % Math.max(1, objects.length)];
      return each.kind === "r" && object !== undefined ? `r:${object};` : "N;";
    }
    if (each.kind === "object") objects.push(own);
    const text = each.kind === "integer" ? `i:${each.value};` : writeMembers(each);
    if (each.kind !== "object") variables.push(own);
    return text;
  };
  const writeMembers = ({ kind, members }: Extract<Plan, { readonly members: unknown }>) => {
    const text = members.map((member, index) => `s:1:"${"klm"[index]}";${write(member)}`).join("");
    return `${kind === "object" ? 'O:8:"stdClass"' : "a"}:${members.length}:{${text}}`;
  };
  const attributes = plans.map((each, index) => `s:1:"${attributeNames[index]}";${write(each)}`).join("");
  return `_sf2_attributes|a:${plans.length}:{${attributes}}_sf2_meta|a:3:{s:1:"u";i:1;s:1:"c";i:1;s:1:"l";i:0;}`;
}
