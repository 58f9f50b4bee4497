import type { PhpNode, PhpString } from "./nodes.ts";
import type { Positions } from "./positions.ts";

const FLOAT = 0x64;

/** A value without members, or the node of another one. */
export type ReadValue = null | boolean | number | bigint | PhpString | PhpNode;

/** The bytes that were read, and the ranges of the values in them. */
export interface ReadSource {
  readonly bytes: Uint8Array;
  readonly positions: Positions;
}

/** Checks if a read value is a node. */
export function isNode(value: ReadValue): value is PhpNode {
  return typeof value === "object" && value !== null && !(value instanceof Uint8Array);
}

/** Returns the node of a read value. */
export function nodeOf(value: ReadValue, { bytes, positions }: ReadSource, slot: number): PhpNode {
  if (isNode(value)) return value;
  const [start, end] = [positions.startOf(slot), positions.endOf(slot)];
  switch (typeof value) {
    case "string":
      return { kind: "string", value, start, end, slot };
    case "number":
      // The letter of the text distinguishes them.
      return { kind: bytes[start] === FLOAT ? "float" : "integer", value, start, end, slot };
    case "boolean":
      return { kind: "boolean", value, start, end, slot };
    case "bigint":
      return { kind: "integer", value, start, end, slot };
    default:
      return value === null ? { kind: "null", start, end, slot } : { kind: "string", value, start, end, slot };
  }
}
