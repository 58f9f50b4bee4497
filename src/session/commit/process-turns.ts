import type { Clock } from "../../clock.ts";
import { isSessionError } from "../../errors.ts";
import type { SessionHandler } from "../../handler.ts";
import { randomText } from "../../random.ts";
import { ProcessTurn } from "./process-turn.ts";

const PREFIX = "turn:";
const NAME_BYTES = 6;
const MAX_KEY_LENGTH = 1024;
/** The time without rosters after the store has refused one: it will refuse the next one as well. */
const OFF_AFTER_REFUSAL_MS = 30_000;
/** The time without rosters after the store has not answered. */
const OFF_AFTER_SILENCE_MS = 500;

/** Lets this manager and others take turns on sessions that they change at once. */
export class ProcessTurns {
  readonly #handler: SessionHandler;
  readonly #keyPrefix: string;
  readonly #clock: Clock;
  /** Made when it is needed: on Cloudflare Workers there is no chance outside of a request. */
  #name: string | undefined;
  #offUntil = -Infinity;

  /** `keyPrefix` is what the keys of all sessions begin with. */
  constructor(handler: SessionHandler, keyPrefix: string, clock: Clock) {
    this.#handler = handler;
    this.#keyPrefix = keyPrefix;
    this.#clock = clock;
  }

  /** The turns of this manager on a session; `undefined` where there can be no roster. */
  of(key: string): ProcessTurn | undefined {
    const rosterKey = PREFIX + key;
    const isOff = this.#clock.monotonic() < this.#offUntil;
    // Where a session could stand there is no roster, or whoever chooses ids could choose a roster's.
    if (isOff || rosterKey.length > MAX_KEY_LENGTH || rosterKey.startsWith(this.#keyPrefix)) return undefined;
    this.#name ??= randomText(NAME_BYTES);
    return new ProcessTurn(this.#handler, this.#clock, this.#name, rosterKey);
  }

  /** Does without rosters for a while: changes are stored all the same, with more conflicts. */
  switchOff(error: unknown): void {
    const isSilence = isSessionError(error) && (error.code === "timeout" || error.code === "unavailable");
    this.#offUntil = this.#clock.monotonic() + (isSilence ? OFF_AFTER_SILENCE_MS : OFF_AFTER_REFUSAL_MS);
  }
}
