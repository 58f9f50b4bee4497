import { byteStringOf } from "../php-text/byte-strings.ts";
import { phpInteger } from "../php-text/integers.ts";
import { arrayKey } from "../php-text/keys.ts";
import { NOWHERE, type PhpInteger, type PhpKey, type PhpNode } from "../php-text/nodes.ts";
import { lastEntries } from "./entries.ts";
import { arrayNode, checkedText, entryOf, nodeOf } from "./fresh-nodes.ts";
import { NodeValues } from "./node-values.ts";
import { createPhpValue, type PhpValue } from "./php-value.ts";

/**
 * Creates values of a given PHP type, for cases where plain data would be stored as another type.
 *
 * @public
 */
export interface PhpTypes {
  /** Creates a float, which may be infinite or NaN. `php.float(1)` is `1.0` in PHP, whereas `1` is an integer. */
  float(value: number): PhpValue;
  /**
   * Creates a 64-bit integer, for instance one beyond 2^53, from a number, a bigint or decimal digits.
   *
   * @throws `RangeError` for a number that is not a safe integer, or an integer of more than 64 bits.
   */
  int(value: number | bigint | string): PhpValue;
  /** Creates a string from bytes, which need not be UTF-8. */
  bytes(value: Uint8Array): PhpValue;
  /** Creates an array with the keys 0, 1, 2, …, for instance from a `Set`. */
  list(items: Iterable<unknown>): PhpValue;
  /**
   * Creates an array with the given keys in the given order, for instance from a `Map`. As in PHP, a key that looks
   * like a decimal integer becomes one, and the last of several members with the same key wins.
   */
  map(entries: Iterable<readonly [key: string | number | bigint | Uint8Array, value: unknown]>): PhpValue;
}

/**
 * Creates values of a given PHP type, for `set` and `update` of a session.
 *
 * @remarks
 * Until it is saved, such a value is returned as it was set; afterwards, like any value of its type: `php.float(1)` as
 * `1`.
 *
 * @public
 */
export const php: PhpTypes = Object.freeze({ float, int, bytes, list, map });

function float(value: number): PhpValue {
  if (typeof value !== "number") throw new TypeError("php.float takes a number.");
  return made({ kind: "float", value, ...NOWHERE });
}

function int(value: number | bigint | string): PhpValue {
  return made({ kind: "integer", value: checkedInteger(value, "php.int"), ...NOWHERE });
}

function bytes(value: Uint8Array): PhpValue {
  if (!(value instanceof Uint8Array)) throw new TypeError("php.bytes takes a Uint8Array.");
  return made({ kind: "string", value: byteStringOf(value.slice()), ...NOWHERE });
}

function list(items: Iterable<unknown>): PhpValue {
  checkIterable(items, "php.list");
  const values = new NodeValues(nothing);
  return createPhpValue(
    nodeOf([...items], (value) => values.adopt(value)),
    values,
  );
}

function map(entries: Iterable<readonly [key: PhpKey, value: unknown]>): PhpValue {
  checkIterable(entries, "php.map");
  const values = new NodeValues(nothing);
  const members = Array.from(entries, (entry) => {
    if (!Array.isArray(entry)) throw new TypeError("php.map takes pairs of a key and a value.");
    const [key, value]: readonly unknown[] = entry;
    return entryOf(
      checkedKey(key),
      nodeOf(value, (each) => values.adopt(each)),
    );
  });
  return createPhpValue(arrayNode(lastEntries(members)), values);
}

function checkedKey(key: unknown): PhpKey {
  if (typeof key === "number" || typeof key === "bigint") return checkedInteger(key, "A key");
  if (typeof key === "string") return arrayKey(checkedText(key));
  if (key instanceof Uint8Array) return arrayKey(byteStringOf(key.slice()));
  throw new TypeError("A key of a PHP array is an integer, a text or a Uint8Array.");
}

function checkedInteger(value: unknown, name: string): PhpInteger {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new RangeError(`${name} takes a number that is a safe integer; a larger one must be a bigint.`);
  }
  if (typeof value === "string" ? !/^[+-]?\d+$/.test(value) : typeof value !== "number" && typeof value !== "bigint") {
    throw new TypeError(`${name} takes an integer: a number, a bigint or decimal digits.`);
  }
  const integer = BigInt(value as number | bigint | string); // checked above
  if (BigInt.asIntN(64, integer) !== integer) throw new RangeError(`${name} takes an integer of at most 64 bits.`);
  return phpInteger(integer);
}

function checkIterable(items: unknown, name: string): void {
  if (typeof items === "object" && items !== null && Symbol.iterator in items) return;
  throw new TypeError(`${name} takes an array or anything else that can be iterated.`);
}

function made(node: PhpNode): PhpValue {
  return createPhpValue(node, new NodeValues(nothing));
}

/** The value belongs to no session, so there is nothing to refer to. */
const nothing = { slots: [] };
