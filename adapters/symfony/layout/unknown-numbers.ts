import { latinTextOf } from "../php-text/byte-strings.ts";
import type { PhpNode } from "../php-text/nodes.ts";
import type { PhpSession } from "../php-text/session.ts";
import type { Placement } from "./placement.ts";
import { readingOrder } from "./reading-order.ts";
import { unknownNumbers } from "./refusals.ts";

/**
 * Refuses a change of a session with a `C:` that could invalidate a number written by PHP: up to the last number, all
 * values must keep their positions. Only a value to which nothing can refer may be replaced, by one of its kind.
 */
export function checkNumbers(session: PhpSession, placements: readonly Placement[]): void {
  const { firstSerializable } = session;
  if (firstSerializable === undefined) return;
  const before = readingOrder(session.entries);
  const last = before.findLastIndex(holdsNumber);
  const numbers = new Set(before.flatMap(numbersIn));
  const areUnknown = [...numbers].some((number) => number > firstSerializable);
  const mayBeNamed = ({ slot }: PhpNode) => numbers.has(slot) || (areUnknown && slot > firstSerializable);
  before.slice(0, last + 1).forEach((node, index) => {
    const now = placements[index]?.source;
    if (now !== node && (!isOfOneKind(node, now) || mayBeNamed(node))) throw unknownNumbers();
  });
  for (const { first } of placements.slice(last + 1)) {
    if (first && first.slot > firstSerializable) throw unknownNumbers();
  }
}

function holdsNumber({ kind }: PhpNode): boolean {
  return kind === "serializable" || kind === "same-object" || kind === "reference";
}

/** Returns the numbers that may refer to values: those of references, and in a payload all that look like one. */
function numbersIn(node: PhpNode): number[] {
  if (node.kind === "same-object" || node.kind === "reference") return [node.target];
  if (node.kind !== "serializable") return [];
  return [...latinTextOf(node.payload).matchAll(/[rR]:(\d+);/g)].map(([, number]) => Number(number));
}

/** Any value without members takes one number. An array also takes those of its members. */
function isOfOneKind(before: PhpNode, now: PhpNode | undefined): boolean {
  if (now === undefined) return false;
  return before.kind === "array" ? now.kind === "array" : scalars.has(before.kind) && scalars.has(now.kind);
}

const scalars: ReadonlySet<string> = new Set(["null", "boolean", "integer", "float", "string"]);
