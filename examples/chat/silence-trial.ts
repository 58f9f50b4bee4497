import { Redis } from "ioredis";
import type { SilentProxy } from "../silent-proxy.ts";

/** What became of the trial; `undefined` before it was begun. */
export interface SilenceReport {
  readonly silencedConnections: number;
  /** Whether the silent connections were cut, so that their clients notice. */
  readonly isHealed: boolean;
  /** How long a client without any protection has been waiting for an answer, or has waited. */
  readonly bareClient: { readonly waitedMs: number; readonly result: "waiting" | "answered" | "failed" };
}

/** Lets the connections to Redis fall silent, and has a client as it comes read beside the checked handler. */
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
    this.#bareClient = new Redis(url).on("error", () => {}); // ioredis would print them
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

  /** From now on nothing gets through the existing connections, not even their end. New ones work. */
  async silence(): Promise<void> {
    const isStillWaiting = this.#result === "waiting";
    if (!isStillWaiting) await this.#bareClient.ping(); // so that it has a connection that works
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
