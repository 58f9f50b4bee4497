import { arrayKey } from "../php-text/keys.ts";
import { NOWHERE, type PhpEntry, type PhpKey, type PhpNode } from "../php-text/nodes.ts";
import { MAX_LEVELS } from "./node-values.ts";
import { isPhpValue, nodeIn, type PhpValue } from "./php-value.ts";

/**
 * Returns the node of a value, like `json_decode($json, true)` of PHP: objects become arrays. `take` returns the node
 * of a `PhpValue` within it.
 *
 * @throws `TypeError` for a value that neither JSON nor PHP can represent. Messages contain nothing of it.
 */
export function nodeOf(
  value: unknown,
  take: (value: PhpValue) => PhpNode = nodeIn,
  levels: number = MAX_LEVELS,
): PhpNode {
  switch (typeof value) {
    case "string":
      return { kind: "string", value: checkedText(value), ...NOWHERE };
    case "number":
      return numberNode(value);
    case "boolean":
      return { kind: "boolean", value, ...NOWHERE };
    case "object":
      if (value === null) return { kind: "null", ...NOWHERE };
      if (isPhpValue(value)) return take(value);
      if (levels === 0) throw unlike(`more than ${MAX_LEVELS} levels, or a cycle`);
      return arrayNode(membersOf(value).map(([key, member]) => entryOf(key, nodeOf(member, take, levels - 1))));
    default:
      throw unlike(value === undefined ? "undefined" : `a ${typeof value}`);
  }
}

export function arrayNode(entries: readonly PhpEntry[]): PhpNode {
  return { kind: "array", entries, ...NOWHERE };
}

export function entryOf(key: PhpKey, value: PhpNode): PhpEntry {
  return { key, value, start: 0 };
}

/** Returns a text that UTF-8 can represent. */
export function checkedText(text: string): string {
  if (text.isWellFormed()) return text;
  throw new TypeError("PHP cannot store a text with half of a surrogate pair, which has no bytes in UTF-8.");
}

/** A number beyond 2^53 is a float, as it is in JavaScript: as an integer, it would read as a bigint. */
function numberNode(value: number): PhpNode {
  if (!Number.isFinite(value)) throw unlike("a number that is not finite; `php.float` makes one");
  if (Number.isSafeInteger(value)) return { kind: "integer", value: value === 0 ? 0 : value, ...NOWHERE };
  return { kind: "float", value, ...NOWHERE };
}

function membersOf(value: object): [PhpKey, unknown][] {
  if (Array.isArray(value)) return Array.from(value, (member: unknown, index) => [index, member]);
  if (!isPlain(value)) throw unlike("an instance of a class");
  return Object.entries(value).map(([name, member]) => [arrayKey(checkedText(name)), member]);
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function unlike(what: string): TypeError {
  return new TypeError(`A PHP session stores plain data and PHP values, not ${what}.`);
}
