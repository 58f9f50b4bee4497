import type { Redis } from "@upstash/redis";
import {
  type Call,
  createGuardedHandler,
  type HandlerOptions,
  type ListingSessionBackend,
  type ListingSessionHandler,
  type NetworkedSessionBackend,
  type NetworkedSessionHandler,
  SessionError,
  type Version,
} from "sessionwire";
import { createClient, type UpstashSource } from "./upstash/client.ts";
import { toSessionError } from "./upstash/errors.ts";
import { type Answer, keysIn, readAnswer } from "./upstash/replies.ts";
import { destroyScript, listScript, readScript, touchScript, writeScript } from "./upstash/scripts.ts";
import { textOfBytes } from "./upstash/text.ts";

export type { UpstashAddress, UpstashClientOptions, UpstashSource } from "./upstash/client.ts";

/**
 * The options of {@link createUpstashHandler}: those that every handler has.
 *
 * @public
 */
export interface UpstashHandlerOptions extends HandlerOptions {}

/**
 * Keeps sessions in Upstash, through `@upstash/redis`: over HTTP, so that it runs where there are no sockets.
 *
 * @remarks
 * - An operation is one request: one EVAL, which compares and writes in one step, and answers with what is there when it refuses. The
 *   client neither tries again nor gathers several operations in one request, and each request ends with its call.
 * - What is stored are the bytes themselves, with the key's own expiry, and the version is the same digest as that of
 *   `sessionwire/redis`: the same database may be used through both at a time. The client can carry text only, so that bytes travel as the
 *   characters U+0000 to U+00FF: one above 0x7F as two bytes, a control character as six on the way there.
 * - The connections are those of `fetch`, which replaces what has failed. `ping` is a PING, and `reconnect` makes a request to see that
 *   one gets through: `withConnectionCheck` finds an endpoint that cannot be reached before an operation does.
 * - A request shows what the ones before it have written, also where the database is replicated: the token of the service goes along.
 * - A page of `list` is one SCAN that looks at some 100 keys of the database.
 * - An answer that is not one of Upstash (a page of a proxy, half of a document, nothing) is `unavailable`, never an absent session.
 * - Upstash limits the size of a request and how many there may be (https://upstash.com/docs/redis/troubleshooting/max_requests_limit);
 *   what it refuses so is `overloaded`.
 *
 * @throws `RangeError` or `TypeError` for a source or an option that cannot be used.
 *
 * @public
 */
export function createUpstashHandler(
  source: UpstashSource,
  options: UpstashHandlerOptions = {},
): NetworkedSessionHandler & ListingSessionHandler {
  const { timeoutMs = 2000 } = options;
  return createGuardedHandler(createUpstashBackend(createClient(source, timeoutMs)), {
    ...options,
    name: "Upstash",
    timeoutMs,
  });
}

type Client = ReturnType<typeof createClient>;

function createUpstashBackend({ send }: Client): NetworkedSessionBackend & ListingSessionBackend {
  return {
    async read(key, ttlSeconds, call) {
      const answer = await run(call, readScript, [key], [String(ttlSeconds ?? "")]);
      return answer.session;
    },
    async write(key, data, { replaces, ttlSeconds }, call) {
      const answer = await run(call, writeScript, [key], [replaces ?? "", textOfBytes(data), String(ttlSeconds)]);
      if (!answer.isDone) return { written: false, current: answer.session };
      return { written: true, version: versionIn(answer) };
    },
    async touch(key, ttlSeconds, call) {
      return (await run(call, touchScript, [key], [String(ttlSeconds)])).isDone;
    },
    async destroy(key, replaces, call) {
      const answer = await run(call, destroyScript, [key], [replaces ?? ""]);
      return answer.isDone ? { destroyed: true } : { destroyed: false, current: answer.session };
    },
    async list(prefix, cursor = "0", call) {
      if (!/^\d+$/.test(cursor)) throw new SessionError("failed", "This is no cursor of Upstash.");
      return keysIn(await evaluate(call, listScript, [], [cursor, prefix]));
    },
    ping: (_, call) => ping(call),
    reconnect: (_, call) => ping(call),
    close() {},
  };

  async function run(call: Call, script: string, keys: string[], args: string[]): Promise<Answer> {
    return readAnswer(await evaluate(call, script, keys, args));
  }

  function evaluate(call: Call, script: string, keys: string[], args: string[]): Promise<unknown> {
    return inOurTerms(call, (client) => client.eval(script, keys, args));
  }

  async function ping(call: Call): Promise<void> {
    const reply = await inOurTerms(call, (client) => client.ping());
    if (reply !== "PONG") throw new SessionError("unavailable", "A ping of Upstash was not answered as one.");
  }

  async function inOurTerms(call: Call, command: (client: Redis) => Promise<unknown>): Promise<unknown> {
    try {
      return await call.send(() => send(call.signal, command));
    } catch (error) {
      throw toSessionError(error);
    }
  }
}

function versionIn({ version }: Answer): Version {
  if (version === undefined) throw new SessionError("unavailable", "Upstash has written, and not said what.");
  return version;
}
