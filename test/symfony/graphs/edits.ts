import fc from "fast-check";
import type { SessionDraft } from "sessionwire";
import { isOpaqueValue } from "sessionwire/backend";
import type { PhpValue } from "sessionwire/symfony";
import { copyOf, type Graph, type GraphArray } from "./graph.ts";

/** One change of the attributes: on a session, and on what it should be. */
export interface Edit {
  readonly name: string;
  /** The value to set: a number, or the value at the end of a path; `undefined` deletes the attribute. */
  readonly value: number | { readonly path: readonly number[]; readonly isWrapped: boolean } | undefined;
}

export const names: readonly string[] = ["a", "b", "c", "d", "e"];

const arbitraryEdits: fc.Arbitrary<Edit> = fc.record({
  name: fc.constantFrom(...names, "new"),
  value: fc.oneof(
    fc.nat(9),
    fc.record({ path: fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }), isWrapped: fc.boolean() }),
    fc.constant(undefined),
  ),
});

/** Changes that are saved together. One that deletes an attribute and sets it again would leave it at its place. */
export const arbitraryUpdates: fc.Arbitrary<readonly Edit[]> = fc.uniqueArray(arbitraryEdits, {
  selector: ({ name }) => name,
  minLength: 1,
  maxLength: 4,
});

/** Makes a change on a session. */
export function editDraft({ name, value }: Edit, draft: SessionDraft): void {
  if (value === undefined) draft.delete(name);
  else if (typeof value === "number") draft.set(name, value);
  else {
    const [first = 0, ...rest] = value.path;
    const from = draft.names()[first % Math.max(1, draft.names().length)];
    if (from === undefined) return;
    const found = rest.reduce(memberOf, draft.get(from));
    draft.set(name, value.isWrapped ? { first: found } : found);
  }
}

/** The member at a place, or the value itself if it has none. */
function memberOf(value: unknown, place: number): unknown {
  if (isOpaqueValue(value)) {
    const object = value as PhpValue; // of the package under test, which may be another copy of it
    const keys = object.names();
    return keys.length === 0 ? object : object.get(keys[place % keys.length] as string);
  }
  if (typeof value !== "object" || value === null) return value;
  const members: unknown[] = Object.values(value);
  return members.length === 0 ? value : members[place % members.length];
}

/** Returns the attributes as they are after the change. */
export function editGraph({ name, value }: Edit, attributes: GraphArray): GraphArray {
  const others = attributes.members.filter(([key]) => key !== name);
  if (value === undefined) return { kind: "array", members: others };
  const set = (graph: Graph): GraphArray => {
    const isThere = others.length < attributes.members.length;
    const replace = ([key, old]: readonly [string | number, Graph]) => [key, key === name ? graph : old] as const;
    return { kind: "array", members: isThere ? attributes.members.map(replace) : [...others, [name, graph]] };
  };
  if (typeof value === "number") return set(value);
  const [first = 0, ...rest] = value.path;
  const from = attributes.members[first % Math.max(1, attributes.members.length)]?.[1];
  if (from === undefined) return attributes;
  const found = copyOf(rest.reduce(graphMemberOf, from));
  return set(value.isWrapped ? { kind: "array", members: [["first", found]] } : found);
}

function graphMemberOf(value: Graph, place: number): Graph {
  if (typeof value !== "object" || value.members.length === 0) return value;
  return value.members[place % value.members.length]?.[1] ?? value;
}
