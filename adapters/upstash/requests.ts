import type { Clock } from "sessionwire";
import type { Call } from "sessionwire/backend";
import { type ReceivedAnswer, resultAt, resultOf } from "./answers.ts";
import { type Command, CommandQueue, type QueuedCommand } from "./command-queue.ts";
import { networkFailure } from "./errors.ts";
import { readRetryAfter } from "./retry-after.ts";
import type { UpstashCredentials } from "./source.ts";
import { UnderWay } from "./under-way.ts";

/** The requests of a handler. */
export interface UpstashRequests {
  /** The maximum number of requests that were under way at the same time. */
  readonly most: number;
  /** Sends one command, in one request with the others of this turn of the event loop, and resolves to its result. */
  send(call: Call, command: Command): Promise<unknown>;
  /** Sends one command as a request of its own. */
  sendAlone(call: Call, command: Command): Promise<unknown>;
  /** Sends like `sendAlone`, for a request that is not counted and has its own signal. */
  sendExtra(signal: AbortSignal, command: Command): Promise<unknown>;
  /** Reports that no connections are open other than those in use. */
  forgetMost(): void;
}

/**
 * The header with which Upstash passes on the state that a request has seen, so that the next one sees no older state,
 * whichever replica answers it.
 */
const syncHeader = "upstash-sync-token";

/** The header for base64; without it, strings that are not UTF-8 would lose bytes. */
const inBase64 = { "upstash-encoding": "base64" };

/**
 * Sends the commands of a handler, each exactly once: a request whose answer was lost may have been executed. A client
 * of Upstash could be configured to retry, so none is used here.
 */
export function createRequests(source: UpstashCredentials, timeoutMs: number, clock: Clock): UpstashRequests {
  const url = source.url.replace(/\/+$/, "");
  const pipelineUrl = `${url}/pipeline`;
  const authorization = `Bearer ${source.token}`;
  const options = { method: "POST", redirect: "manual", ...uncached(url) } as const;
  const underWay = new UnderWay(timeoutMs, clock);
  const queue = new CommandQueue(sendTogether);
  let syncToken = "";
  let most = 1;
  return {
    get most() {
      return most;
    },
    send: (call, command) => queue.add(call, command),
    sendAlone: (call, command) => call.send(() => sendOne(call.signal, JSON.stringify(command))),
    sendExtra: (signal, command) => exchange(url, JSON.stringify(command), signal).then(resultOf, failed),
    forgetMost() {
      most = Math.max(1, underWay.count);
    },
  };

  /** Sends a pipeline. Every command is answered, or fails with its own error. */
  function sendTogether(commands: readonly QueuedCommand[]): void {
    const [first] = commands;
    if (first === undefined) return;
    const body = `[${commands.map(({ text }) => text).join()}]`;
    const signal = commands.length === 1 ? first.call.signal : whenAllHaveGone(commands);
    const answer = count(exchange(pipelineUrl, body, signal, inBase64));
    commands.forEach((command, index) => {
      command.settleBy(() => answer.then((received) => resultAt(received, index, commands.length), failed));
    });
  }

  function sendOne(signal: AbortSignal, body: string): Promise<unknown> {
    return count(exchange(url, body, signal)).then(resultOf, failed);
  }

  function count<T>(request: Promise<T>): Promise<T> {
    const end = underWay.begin();
    most = Math.max(most, underWay.count);
    return request.finally(end);
  }

  async function exchange(target: string, body: string, signal: AbortSignal, more = {}): Promise<ReceivedAnswer> {
    const headers = { authorization, "content-type": "application/json", [syncHeader]: syncToken, ...more };
    const response = await fetch(target, { ...options, headers, body, signal });
    const text = await response.text();
    syncToken = response.headers.get(syncHeader) ?? syncToken;
    const retryAfterMs = readRetryAfter(response.headers.get("retry-after"), clock.now());
    return { status: response.status, retryAfterMs, content: parse(text) };
  }
}

/** Gives up a request when nobody waits for any of its commands. */
function whenAllHaveGone(commands: readonly QueuedCommand[]): AbortSignal {
  const controller = new AbortController();
  let waiting = commands.length;
  for (const { call } of commands) call.addEventListener("abort", leave);
  return controller.signal;

  function leave(): void {
    waiting -= 1;
    if (waiting > 0) return;
    try {
      controller.abort();
    } catch {
      // On Cloudflare Workers, a request cannot abort a request that another one started.
    }
  }
}

function failed(error: unknown): never {
  throw networkFailure(error);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/**
 * Disables the cache: Next.js would reuse answers for other requests, but Workers before November 2024 reject the
 * option.
 */
function uncached(url: string): RequestInit {
  const options: object = { cache: "no-store" }; // the types of Node do not include it
  try {
    new Request(url, options);
    return options;
  } catch {
    return {};
  }
}
