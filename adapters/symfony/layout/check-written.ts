import { SessionError } from "sessionwire";
import { areSameBytes } from "../php-text/byte-strings.ts";
import { entriesOf } from "../php-text/entries-of.ts";
import type { PhpKey, PhpNode } from "../php-text/nodes.ts";
import type { PhpSession } from "../php-text/session.ts";
import type { Placement } from "./placement.ts";
import { inReadingOrder } from "./reading-order.ts";

/**
 * Compares a session that has been written, and read again, with what was meant: structure, values, the identity of
 * objects and the targets of references. A difference would be a defect of this package, and must not reach the store.
 */
export function checkWritten(written: PhpSession, placements: readonly Placement[]): void {
  const found = new Map<Placement, PhpNode>();
  let index = 0;
  for (const { key, value } of inReadingOrder(written.entries)) {
    const meant = placements[index];
    if (meant === undefined || !isSameKey(key, meant.key) || !isAsMeant(value, meant, found, written)) throw defect();
    found.set(meant, value);
    index += 1;
  }
  if (index !== placements.length) throw defect();
}

/** The error for a session that would not have been written as it was meant. */
export function defect(cause?: unknown): SessionError {
  return new SessionError("failed", "The session could not be laid out as PHP text; nothing was written.", {
    outcome: "not-applied",
    cause,
  });
}

function isAsMeant(
  value: PhpNode,
  { first, form, node, size }: Placement,
  found: ReadonlyMap<Placement, PhpNode>,
  { slots }: PhpSession,
): boolean {
  switch (form) {
    case "value":
      return entriesOf(value).length === size && isSameValue(value, node);
    case "verbatim":
      return value.kind === node.kind && "target" in value && "target" in node && value.target === node.target;
    default:
      return value.kind === form && first !== undefined && slots[value.target] === found.get(first);
  }
}

/** Compares two values without their members. */
function isSameValue(one: PhpNode, other: PhpNode): boolean {
  if (one.kind !== other.kind) return false;
  if ("value" in one && "value" in other) return isSameScalar(one.value, other.value);
  if ("className" in one && "className" in other && !isSameScalar(one.className, other.className)) return false;
  if ("caseName" in one && "caseName" in other) return isSameScalar(one.caseName, other.caseName);
  return !("payload" in one && "payload" in other) || areSameBytes(one.payload, other.payload);
}

function isSameScalar(one: unknown, other: unknown): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return areSameBytes(one, other);
  return Object.is(one, other);
}

function isSameKey(one: PhpKey, other: PhpKey): boolean {
  return isSameScalar(one, other);
}
