import { Redis } from "ioredis";
import type { SilentProxy } from "../silent-proxy.ts";

/** The state of the trial; `undefined` before it was started. */
export interface SilenceReport {
  readonly silencedConnections: number;
  /** `true` once the silent connections were cut, so that their clients notice. */
  readonly isHealed: boolean;
  /** Time for which a client without any protection has waited for an answer, in ms. */
  readonly bareClient: { readonly waitedMs: number; readonly result: "waiting" | "answered" | "failed" };
}

/** Silences the connections to Redis, and lets an unprotected client read beside the checked handler. */
export class SilenceTrial {
  readonly #proxy: SilentProxy;
  readonly #bareClient: Redis;
  #silenced = 0;
  #isHealed = false;
  #startedAt = 0;
  #endedAt = 0;
  #result: SilenceReport["bareClient"]["result"] | undefined;
  #onChange: () => void = () => {};

  constructor(proxy: SilentProxy, url: string) {
    this.#proxy = proxy;
    this.#bareClient = new Redis(url).on("error", () => {}); // otherwise ioredis would print them
  }

  /** Calls the function whenever the report has changed. */
  subscribe(onChange: () => void): void {
    this.#onChange = onChange;
  }

  report(): SilenceReport | undefined {
    const result = this.#result;
    if (result === undefined) return undefined;
    const waitedMs = (result === "waiting" ? performance.now() : this.#endedAt) - this.#startedAt;
    return { silencedConnections: this.#silenced, isHealed: this.#isHealed, bareClient: { waitedMs, result } };
  }

  /** Silences the existing connections from now on: nothing gets through, not even their end. New ones work. */
  async silence(): Promise<void> {
    const isStillWaiting = this.#result === "waiting";
    if (!isStillWaiting) await this.#bareClient.ping(); // gives it a connection that works
    this.#silenced = this.#proxy.silence();
    this.#isHealed = false;
    if (!isStillWaiting) this.#ask();
    this.#onChange();
  }

  /** Cuts the silent connections, so that their clients notice. */
  heal(): void {
    this.#proxy.heal();
    this.#isHealed = true;
    this.#onChange();
  }

  async close(): Promise<void> {
    this.#bareClient.disconnect();
    await this.#proxy.close();
  }

  #ask(): void {
    this.#startedAt = performance.now();
    this.#result = "waiting";
    this.#bareClient.ping().then(
      () => this.#end("answered"),
      () => this.#end("failed"),
    );
  }

  #end(result: "answered" | "failed"): void {
    this.#endedAt = performance.now();
    this.#result = result;
    this.#onChange();
  }
}
