import type { PhpSerializer } from "sessionwire/symfony";

/** A value of PHP: of objects, the same one may stand at several places. */
export type Graph = number | string | GraphArray | GraphObject;

export interface GraphArray {
  readonly kind: "array";
  readonly members: readonly (readonly [key: string | number, value: Graph])[];
}

export interface GraphObject {
  readonly kind: "object";
  /** Filled when the object is there, so that it can contain itself. */
  readonly members: [key: string, value: Graph][];
}

/** The members of `$_SESSION`, in order. */
export type GraphSession = readonly (readonly [name: string, value: Graph])[];

/** Writes a session as PHP does, by the shortest program that can. */
export function textOf(session: GraphSession, serializer: PhpSerializer): string {
  const slots = new Map<GraphObject, number>();
  let slot = 0;
  const write = (value: Graph): string => {
    slot += 1;
    if (typeof value === "number") return `i:${value};`;
    if (typeof value === "string") return quoted(value);
    const known = value.kind === "object" ? slots.get(value) : undefined;
    if (known !== undefined) return `r:${known};`;
    if (value.kind === "object") slots.set(value, slot);
    const members = value.members.map(([key, member]) => writeKey(key) + write(member));
    const head = value.kind === "object" ? 'O:4:"Node"' : "a";
    return `${head}:${members.length}:{${members.join("")}}`;
  };
  if (serializer === "php_serialize") return write({ kind: "array", members: session });
  const nameIn = (name: string) => (serializer === "php" ? `${name}|` : String.fromCharCode(name.length) + name);
  return session.map(([name, value]) => nameIn(name) + write(value)).join("");
}

function writeKey(key: string | number): string {
  return typeof key === "number" ? `i:${key};` : quoted(key);
}

function quoted(text: string): string {
  return `s:${text.length}:"${text}";`;
}

/** Returns the value with arrays of its own: PHP copies an array, and an object never. */
export function copyOf(value: Graph): Graph {
  if (typeof value !== "object" || value.kind === "object") return value;
  return { kind: "array", members: value.members.map(([key, member]) => [key, copyOf(member)] as const) };
}

/** Returns the session with these attributes: a bag that has become empty goes, and a new one is last. */
export function withBag(session: GraphSession, attributes: GraphArray): GraphSession {
  const [name, isThere] = ["_sf2_attributes", session.some(([each]) => each === "_sf2_attributes")];
  if (attributes.members.length === 0) return session.filter(([each]) => each !== name);
  if (!isThere) return [...session, [name, attributes]];
  return session.map(([each, value]) => [each, each === name ? attributes : value]);
}
