import type { SessionFormat } from "../formats/format.ts";
import { randomText } from "./random.ts";
import type { Sight } from "./records.ts";

const TOKENS_KEPT = 16;

/** A mark of one set of changes: 48 random bits, to be told from the other fifteen in a record. */
export function createToken(): string {
  return randomText(6);
}

/** The latest ones are kept. */
export function withTokens(kept: readonly string[], added: readonly string[]): string[] {
  return [...kept, ...added].slice(-TOKENS_KEPT);
}

/**
 * Whether what is seen now tells if a write over `base` has been applied: the tokens since then must all be in the record.
 * Without tokens nothing tells: even equal bytes may have come back.
 */
export function isDecidable(base: Sight, now: Sight, format: SessionFormat): boolean {
  if (!format.keepsTokens) return false;
  if (now.stored?.version === base.stored?.version) return true;
  const token = base.stored?.record.tokens.at(-1);
  return token !== undefined && now.stored?.record.tokens.includes(token) === true;
}
