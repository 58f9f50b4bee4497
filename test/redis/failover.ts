import { isSessionError, type SessionErrorCode, type SessionHandler, type Version } from "sessionwire";
import { bytes, textOf } from "./session-data.ts";

/** What a client saw of a failover that it wrote through. */
export interface Crossing {
  /** From the first failure to the first write after it. */
  readonly outageMs: number;
  readonly slowestMs: number;
  readonly codes: readonly SessionErrorCode[];
  readonly acknowledged: number;
  /** How many acknowledged writes the successor did not have. */
  readonly missing: number;
}

/**
 * Replaces a session over and over, each time by the next number, from before a failover until some writes after it. Fails where
 * a number comes back that was replaced by an acknowledged write after the failover was over.
 */
export async function writeThrough(
  handler: SessionHandler,
  id: string,
  first: Version,
  begin: () => unknown,
): Promise<Crossing> {
  const codes = new Set<SessionErrorCode>();
  let [replaces, number, acknowledged, missing, slowestMs, after] = [first, 0, 0, 0, 0, 0];
  let [failedAt, outageMs] = [0, 0];
  const start = performance.now();
  let begun = false;

  while (after < 50) {
    if (acknowledged >= 50 && !begun) {
      begun = true;
      await begin();
    }
    if (performance.now() - start > 30_000) throw new Error(`No write for long; codes: ${[...codes]}.`);
    const sentAt = performance.now();
    try {
      const written = await handler.write(id, bytes(String(number + 1)), { replaces, ttlSeconds: 600 });
      if (written.written) {
        number += 1;
        acknowledged += 1;
        replaces = written.version;
        if (failedAt > 0) {
          after += 1;
          outageMs ||= performance.now() - failedAt;
        }
      } else {
        if (!written.current) throw new Error("The session is gone.");
        const found = Number(textOf(written.current));
        // One ahead: a write whose reply was lost. Behind: what the successor had not received; after that, never again.
        if (found > number + 1) throw new Error("There is a number that nobody wrote.");
        if (found < number && after > 0) throw new Error("An old state came back after the failover.");
        missing += Math.max(0, number - found);
        number = found;
        replaces = written.current.version;
      }
    } catch (error) {
      if (!isSessionError(error)) throw error;
      failedAt ||= performance.now();
      codes.add(error.code);
      await new Promise((resolve) => setTimeout(resolve, 10)); // as the next request would come
    }
    slowestMs = Math.max(slowestMs, performance.now() - sentAt);
  }
  const whole = (ms: number) => Math.round(ms);
  return { outageMs: whole(outageMs), slowestMs: whole(slowestMs), codes: [...codes].sort(), acknowledged, missing };
}
