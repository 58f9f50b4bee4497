import type { ClearableHarness } from "./reused-servers.ts";

/** A store with what the tests need to break it, and the client that its handler is made of, as it comes. */
export interface NetworkedStore {
  readonly harness: ClearableHarness;
  /** @param timeoutMs - The client's own deadline of a call. Absent: the client's default, which may be none. */
  openBare(port: number, timeoutMs?: number): BareClient;
  /** What becomes of a call of the bare client, as far as it is worse than what becomes of one of the handler. */
  readonly bareCalls: Readonly<Partial<Record<BareFault, "hangs" | "is held up">>>;
}

/** What the handler has to do better than. */
export interface BareClient extends Disposable {
  get(key: string): Promise<unknown>;
  set(key: string, value: string): Promise<unknown>;
  increment(key: string): Promise<unknown>;
  /** Ends it in an orderly way, if it can be. */
  close?(): unknown;
}

export type BareFault =
  | "its connection has died without a word"
  | "its new connection is accepted and never answered"
  | "its connection is closed with a request under way"
  | "it is closed on a silent connection"
  | "it is closed with a request under way"
  | "the server is down"
  | "the server stands still";
