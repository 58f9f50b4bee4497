import type { Clock } from "sessionwire";
import { resultOf } from "./answers.ts";
import { networkFailure } from "./errors.ts";
import type { UpstashCredentials } from "./source.ts";

/** A command of Redis with its arguments. */
export type Command = readonly (string | number)[];

/** The requests of a handler. */
export interface UpstashRequests {
  /** The most that were under way at a time. */
  readonly most: number;
  /** Sends one command, as one request that ends with its signal, and resolves to its result. */
  send(signal: AbortSignal, command: Command): Promise<unknown>;
  /** As `send`, for what does not count. */
  sendExtra(signal: AbortSignal, command: Command): Promise<unknown>;
  /** Says that no other connections are open than those that are in use. */
  forgetMost(): void;
}

/** How Upstash hands on what a request has seen, so that the next one does not see less, whichever replica answers it. */
const syncHeader = "upstash-sync-token";

/**
 * Sends what a handler asks for, each command exactly once: a request whose answer was lost may have been executed. That is why
 * there is no client here, which could be made in another way.
 */
export function createRequests(source: UpstashCredentials, timeoutMs: number, clock: Clock): UpstashRequests {
  const url = source.url.replace(/\/+$/, "");
  const authorization = `Bearer ${source.token}`;
  const options = { method: "POST", redirect: "manual", ...uncached(url) } as const;
  const underWay = new UnderWay(timeoutMs, clock);
  let syncToken = "";
  let most = 1;
  return {
    get most() {
      return most;
    },
    async send(signal, command) {
      const end = underWay.begin();
      most = Math.max(most, underWay.count);
      try {
        return await post(signal, command);
      } finally {
        end();
      }
    },
    sendExtra: post,
    forgetMost() {
      most = Math.max(1, underWay.count);
    },
  };

  async function post(signal: AbortSignal, command: Command): Promise<unknown> {
    const headers = { authorization, "content-type": "application/json", [syncHeader]: syncToken };
    const answer = await exchange({ ...options, headers, body: JSON.stringify(command), signal });
    syncToken = answer.syncToken ?? syncToken;
    return resultOf(answer.status, answer.body);
  }

  async function exchange(request: RequestInit): Promise<Answer> {
    try {
      const response = await fetch(url, request);
      const { status, headers } = response;
      return { status, syncToken: headers.get(syncHeader), body: await response.text() };
    } catch (error) {
      throw networkFailure(error);
    }
  }
}

interface Answer {
  readonly status: number;
  readonly syncToken: string | null;
  readonly body: string;
}

/** Next.js keeps answers for other requests unless it is told not to; Workers of before November 2024 refuse to be told. */
function uncached(url: string): RequestInit {
  const options: object = { cache: "no-store" }; // the types of Node do not know it
  try {
    new Request(url, options);
    return options;
  } catch {
    return {};
  }
}

/**
 * Counts requests under way. One that has taken longer than a call may take is over, though its end was never seen: on Workers
 * the end of a visitor's request takes everything with it that it was waiting for.
 */
class UnderWay {
  readonly #limitMs: number;
  readonly #clock: Clock;
  /** When each was begun, the oldest first. */
  readonly #begun = new Map<symbol, number>();

  constructor(limitMs: number, clock: Clock) {
    this.#limitMs = limitMs;
    this.#clock = clock;
  }

  get count(): number {
    const oldest = this.#clock.monotonic() - this.#limitMs;
    for (const [request, begun] of this.#begun) {
      if (begun >= oldest) break;
      this.#begun.delete(request);
    }
    return this.#begun.size;
  }

  /** Returns what is to be called at the end. */
  begin(): () => void {
    const request = Symbol();
    this.#begun.set(request, this.#clock.monotonic());
    return () => this.#begun.delete(request);
  }
}
