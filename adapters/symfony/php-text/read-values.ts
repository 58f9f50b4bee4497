import type { PhpNode, PhpString } from "./nodes.ts";
import type { Places } from "./places.ts";

const FLOAT = 0x64;

/** A value without members, or the node of another one. */
export type ReadValue = null | boolean | number | bigint | PhpString | PhpNode;

/** The bytes that have been read, and the places of the values in them. */
export interface ReadSource {
  readonly bytes: Uint8Array;
  readonly places: Places;
}

/** Determines if a value that has been read is a node. */
export function isNode(value: ReadValue): value is PhpNode {
  return typeof value === "object" && value !== null && !(value instanceof Uint8Array);
}

/** The node of a value that has been read. */
export function nodeOf(value: ReadValue, { bytes, places }: ReadSource, slot: number): PhpNode {
  if (isNode(value)) return value;
  const [start, end] = [places.startOf(slot), places.endOf(slot)];
  switch (typeof value) {
    case "string":
      return { kind: "string", value, start, end, slot };
    case "number":
      // The letter of the text tells them apart.
      return { kind: bytes[start] === FLOAT ? "float" : "integer", value, start, end, slot };
    case "boolean":
      return { kind: "boolean", value, start, end, slot };
    case "bigint":
      return { kind: "integer", value, start, end, slot };
    default:
      return value === null ? { kind: "null", start, end, slot } : { kind: "string", value, start, end, slot };
  }
}
