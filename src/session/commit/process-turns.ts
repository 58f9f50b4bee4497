import type { Clock } from "../../clock.ts";
import { isSessionError } from "../../errors.ts";
import type { SessionHandler } from "../../handler.ts";
import { randomText } from "../../random.ts";
import { ProcessTurn } from "./process-turn.ts";

const PREFIX = "turn:";
const NAME_BYTES = 6;
const MAX_KEY_LENGTH = 1024;
/** The time without rosters after the store has refused one, in milliseconds: it would refuse the next one as well. */
const OFF_AFTER_REFUSAL_MS = 30_000;
/** The time without rosters after the store has not answered, in milliseconds. */
const OFF_AFTER_SILENCE_MS = 500;

/** Lets this manager and others take turns on sessions that they change concurrently. */
export class ProcessTurns {
  readonly #handler: SessionHandler;
  readonly #keyPrefix: string;
  readonly #clock: Clock;
  /** Created on demand: on Cloudflare Workers, random numbers are only available within a request. */
  #name: string | undefined;
  #offUntil = -Infinity;

  /** Takes `keyPrefix`, the prefix of the keys of all sessions. */
  constructor(handler: SessionHandler, keyPrefix: string, clock: Clock) {
    this.#handler = handler;
    this.#keyPrefix = keyPrefix;
    this.#clock = clock;
  }

  /** Returns the turns of this manager on a session; `undefined` if no roster is possible. */
  of(key: string): ProcessTurn | undefined {
    const rosterKey = PREFIX + key;
    const isOff = this.#clock.monotonic() < this.#offUntil;
    // Under a key that a session could have there is no roster; otherwise, a chosen id could form a roster's key.
    if (isOff || rosterKey.length > MAX_KEY_LENGTH || rosterKey.startsWith(this.#keyPrefix)) return undefined;
    this.#name ??= randomText(NAME_BYTES);
    return new ProcessTurn(this.#handler, this.#clock, this.#name, rosterKey);
  }

  /** Does without rosters for a while: changes are still stored, with more conflicts. */
  switchOff(error: unknown): void {
    const isSilence = isSessionError(error) && (error.code === "timeout" || error.code === "unavailable");
    this.#offUntil = this.#clock.monotonic() + (isSilence ? OFF_AFTER_SILENCE_MS : OFF_AFTER_REFUSAL_MS);
  }
}
