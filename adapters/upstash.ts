import {
  type Clock,
  type HandlerOptions,
  isSessionError,
  type ListingSessionHandler,
  type NetworkedSessionHandler,
  systemClock,
} from "sessionwire";
import {
  type Call,
  createGuardedHandler,
  type ListingSessionBackend,
  type NetworkedSessionBackend,
} from "sessionwire/backend";
import { type Answer, answerOf, notTheStore, sessionIn, versionOf, wasDone } from "./upstash/answers.ts";
import { charactersOf } from "./upstash/bytes.ts";
import { saysAlive } from "./upstash/errors.ts";
import { listArguments, pageOf } from "./upstash/list.ts";
import { pingConnections } from "./upstash/reconnect.ts";
import { type Command, createRequests, type UpstashRequests } from "./upstash/requests.ts";
import {
  destroyIfScript,
  destroyScript,
  listScript,
  readAndTouchScript,
  readScript,
  touchScript,
  writeScript,
} from "./upstash/scripts.ts";
import { credentialsOf, type UpstashSource } from "./upstash/source.ts";

export type { UpstashClient, UpstashCredentials, UpstashSource } from "./upstash/source.ts";

/**
 * The options of {@link createUpstashHandler}: those that every handler has.
 *
 * @public
 */
export interface UpstashHandlerOptions extends HandlerOptions {}

/**
 * Keeps sessions in Upstash Redis, through its REST API and `fetch`. Needs nothing but what the web has, so that it runs at the
 * edge, and no package of Upstash.
 *
 * @remarks
 * - A session is one string key that holds the bytes as they are, with the key's own expiry: just what `sessionwire/redis` stores.
 *   Both can work on one database at the same time, and have the same versions.
 * - Every operation is one script call and one HTTP request. No request is sent twice, whatever source the handler is made from;
 *   redirects are not followed. Only the answer 421, which says that nothing was done, lets `fetch` itself send it once more. One
 *   that is given up, by the deadline or a signal, is aborted; what it was to do may still happen.
 * - Bytes from 128 on travel as two, and control characters in a write as six: this counts where Upstash limits the size of a
 *   request, which it refuses with code `too_large`.
 * - What does not answer as the scripts do (a page of a proxy, an empty answer) is a failure, with code `unavailable` or what its
 *   HTTP status means, never an absent session.
 * - Connections are those of `fetch`. `reconnect` sends one ping on each that may be open, and so gets rid of those that have died
 *   without a word; requests under way are left alone. Without it, each dead connection costs one call its deadline.
 * - A page of `list` is one SCAN that looks at some 100 keys of the database, whatever they are. Every string under a key with
 *   the prefix is listed, also one of another program. Keys that are not valid UTF-8 are not.
 * - Upstash drops sessions without a word when eviction is on and the database is full.
 *
 * @throws `RangeError` or `TypeError` for a source or an option that cannot be used.
 *
 * @public
 */
export function createUpstashHandler(
  source: UpstashSource,
  options: UpstashHandlerOptions = {},
): NetworkedSessionHandler & ListingSessionHandler {
  const { timeoutMs = 2000, clock = systemClock } = options;
  const backend = createUpstashBackend(createRequests(credentialsOf(source), timeoutMs, clock), clock);
  return createGuardedHandler(backend, { ...options, name: "Upstash", timeoutMs, clock });
}

function createUpstashBackend(
  requests: UpstashRequests,
  clock: Clock,
): NetworkedSessionBackend & ListingSessionBackend {
  return {
    async read(key, ttlSeconds, call) {
      if (ttlSeconds === undefined) return sessionIn(await run(call, readScript, key));
      return sessionIn(await run(call, readAndTouchScript, key, String(ttlSeconds)));
    },
    async write(key, data, { replaces = "", ttlSeconds }, call) {
      const size = data.byteLength;
      const args = [replaces, charactersOf(data), String(size), String(ttlSeconds)];
      const answer = await run(call, writeScript, key, ...args);
      if (!answer.done) return { written: false, current: answer.current };
      return { written: true, version: versionOf(answer.version, size) };
    },
    async touch(key, ttlSeconds, call) {
      return wasDone(await run(call, touchScript, key, String(ttlSeconds)));
    },
    async destroy(key, replaces, call) {
      if (replaces === undefined) {
        const destroyed = wasDone(await run(call, destroyScript, key));
        return destroyed ? { destroyed } : { destroyed, current: undefined };
      }
      const answer = await run(call, destroyIfScript, key, replaces);
      return answer.done ? { destroyed: true } : { destroyed: false, current: answer.current };
    },
    async list(prefix, cursor, call) {
      return pageOf(await request(call, ["eval", listScript, 0, ...listArguments(prefix, cursor)]));
    },
    ping: (_connection, call) => ping(() => request(call, pingCommand)),
    async reconnect(_connection, call) {
      const pingOnce = (signal: AbortSignal) => ping(() => call.send(() => requests.sendExtra(signal, pingCommand)));
      await pingConnections(requests.most, pingOnce, call.signal, clock);
      requests.forgetMost();
    },
    close() {},
  };

  async function run(call: Call, script: string, key: string, ...args: string[]): Promise<Answer> {
    return answerOf(await request(call, ["eval", script, 1, key, ...args]));
  }

  function request(call: Call, command: Command): Promise<unknown> {
    call.notSentYet();
    return call.send(() => requests.send(call.signal, command));
  }
}

const pingCommand: Command = ["ping"];

/** An answer that tells of trouble is a sign of life, too. */
async function ping(send: () => Promise<unknown>): Promise<void> {
  try {
    if ((await send()) !== "PONG") throw notTheStore();
  } catch (error) {
    if (!isSessionError(error) || !saysAlive(error)) throw error;
  }
}
