import type { SessionFormat } from "../../formats/format.ts";
import { randomText } from "../../random.ts";
import type { Snapshot } from "./snapshot.ts";

const TOKENS_KEPT = 16;

/**
 * Creates tokens for sets of changes. They are a counter after a random part, so that no two writers create the same
 * one; fully random tokens would take longer than the rest of a change. The random part is created with the first
 * token: on Cloudflare Workers, random numbers are only available within a request, and a manager may be created
 * outside of one.
 */
export function createTokens(): () => string {
  let origin: string | undefined;
  let count = 0;
  return () => {
    origin ??= randomText(6);
    count += 1;
    return origin + count.toString(36);
  };
}

/**
 * Adds tokens, keeping the latest ones. A token that is already there keeps its place: further back, it would suggest
 * that nothing has been lost since.
 */
export function withTokens(kept: readonly string[], added: readonly string[]): string[] {
  const fresh = added.filter((token) => !kept.includes(token));
  return kept.slice(Math.max(0, kept.length + fresh.length - TOKENS_KEPT)).concat(fresh.slice(-TOKENS_KEPT));
}

/**
 * Returns `true` if the current state shows whether a write over `base` was applied: the record must still contain all
 * tokens since then. Without tokens, nothing shows it: even equal bytes may have come back.
 */
export function isDecidable(base: Snapshot, now: Snapshot, format: SessionFormat): boolean {
  if (!format.storesTokens) return false;
  if (now.stored?.version === base.stored?.version) return true;
  const token = base.stored?.record.tokens.at(-1);
  return token !== undefined && now.stored?.record.tokens.includes(token) === true;
}
