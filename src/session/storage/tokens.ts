import type { SessionFormat } from "../../formats/format.ts";
import { randomText } from "../../random.ts";
import type { Snapshot } from "./snapshot.ts";

const TOKENS_KEPT = 16;

/**
 * Makes marks for sets of changes. They count up behind a random part, so that no two writers make the same one; random ones
 * would take longer than the rest of a change. The random part is made with the first mark: on Cloudflare Workers there is no
 * chance outside of a request, and a manager may be made there.
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
 * The latest ones are kept. One that is there already keeps its place: further back, it would seem that nothing has been lost
 * since.
 */
export function withTokens(kept: readonly string[], added: readonly string[]): string[] {
  const fresh = added.filter((token) => !kept.includes(token));
  return kept.slice(Math.max(0, kept.length + fresh.length - TOKENS_KEPT)).concat(fresh.slice(-TOKENS_KEPT));
}

/**
 * Whether what is seen now tells if a write over `base` has been applied: the tokens since then must all be in the record.
 * Without tokens nothing tells: even equal bytes may have come back.
 */
export function isDecidable(base: Snapshot, now: Snapshot, format: SessionFormat): boolean {
  if (!format.keepsTokens) return false;
  if (now.stored?.version === base.stored?.version) return true;
  const token = base.stored?.record.tokens.at(-1);
  return token !== undefined && now.stored?.record.tokens.includes(token) === true;
}
