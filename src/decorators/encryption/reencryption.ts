import type { RunningCall } from "../../backend/call.ts";
import { cancelSourceOf, withCancellation } from "../../backend/cancellation.ts";
import { RunningCalls } from "../../backend/running-calls.ts";
import type { MaybePromise } from "../../backend/session-backend.ts";
import { systemClock } from "../../clock.ts";
import type { OperationOptions, SessionHandler } from "../../handler.ts";
import type { Cipher } from "./cipher.ts";

/**
 * Returns the time to live of a session that is rewritten, in whole seconds, as no handler reports the remaining time;
 * `undefined` to leave the session as it is. `data` is the decrypted data. `ttlSecondsOf` creates such a function for
 * the sessions of a manager.
 *
 * @public
 */
export type TtlSecondsOf = (id: string, data: Uint8Array) => MaybePromise<number | undefined>;

/**
 * The result of `reencrypt` of an {@link Encrypted} handler. `"current"`: it was encrypted with the first key already. `"rewritten"`:
 * it is now. `"conflict"`: somebody has written it in the meantime. `"absent"`: there is no such session (any more).
 * `"left"`: it has no time to live.
 *
 * @public
 */
export type Reencryption = "current" | "rewritten" | "conflict" | "absent" | "left";

/** Encrypts sessions again, with the first key. */
export class Reencrypter {
  readonly #handler: SessionHandler;
  readonly #cipher: Cipher;
  readonly #calls = new RunningCalls({ name: "The handler", clock: systemClock, timeoutMs: undefined });

  constructor(handler: SessionHandler, cipher: Cipher) {
    this.#handler = handler;
    this.#cipher = cipher;
  }

  run(id: string, ttlSeconds: number | TtlSecondsOf, options: OperationOptions | undefined): Promise<Reencryption> {
    return this.#calls.run(true, cancelSourceOf(options), (call) => this.#reencrypt(id, ttlSeconds, call));
  }

  close(): void {
    this.#calls.close();
  }

  /** Replaces exactly what was read, so a change or an end in the meantime stays. */
  async #reencrypt(id: string, ttlSeconds: number | TtlSecondsOf, call: RunningCall): Promise<Reencryption> {
    const stored = await this.#handler.read(id, withCancellation({}, call));
    if (stored === undefined) return "absent";
    if (this.#cipher.isCurrent(stored.data)) return "current";
    const data = await this.#cipher.open(stored.data, id);
    const seconds = typeof ttlSeconds === "number" ? ttlSeconds : await ttlSeconds(id, data);
    if (seconds === undefined) return "left";
    const sealed = await this.#cipher.seal(data, id);
    const options = withCancellation({ replaces: stored.version, ttlSeconds: seconds }, call);
    const result = await call.send(() => this.#handler.write(id, sealed, options));
    if (result.written) return "rewritten";
    return result.current === undefined ? "absent" : "conflict";
  }
}
