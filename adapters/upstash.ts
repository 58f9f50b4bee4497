/**
 * Keeps sessions in Upstash Redis over HTTP.
 *
 * @packageDocumentation
 */

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
import { destroyResultOf, notTheStore, sessionIn, wasDone, writeResultOf } from "./upstash/answers.ts";
import { charactersOf, textOf } from "./upstash/bytes.ts";
import type { Command } from "./upstash/command-queue.ts";
import { isMissingScript, saysAlive } from "./upstash/errors.ts";
import { listArguments, pageOf } from "./upstash/list.ts";
import { pingConnections } from "./upstash/reconnect.ts";
import { createRequests, type UpstashRequests } from "./upstash/requests.ts";
import {
  destroyIfScript,
  listScript,
  type UpstashScript,
  writeBytesScript,
  writeTextScript,
} from "./upstash/scripts.ts";
import { credentialsOf, type UpstashSource } from "./upstash/source.ts";

export type { UpstashClient, UpstashCredentials, UpstashSource } from "./upstash/source.ts";

/**
 * The options of {@link createUpstashHandler}: the options that every handler has.
 *
 * @public
 */
export interface UpstashHandlerOptions extends HandlerOptions {}

/**
 * Keeps sessions in Upstash Redis, through its REST API and `fetch`. It uses only web APIs, so it runs at the edge, and
 * needs no package of Upstash.
 *
 * @remarks
 * - A session is one string key that holds the bytes unchanged, with the key's own expiry, exactly as
 *   `sessionwire/redis` stores it. Both can use one database at the same time, and have the same versions.
 * - Every operation is one command. The commands of one turn of the event loop are sent together as one pipeline, in
 *   order, up to 128 of them and half a megabyte, each with its own result or error. Only conditional replacements and
 *   destroys, and listings, are scripts.
 * - No command is sent twice, whatever the handler's source; redirects are not followed. There are two exceptions:
 *   after the status 421, which means that nothing was done, `fetch` itself sends the request once more; and a script
 *   that the server does not know is sent in full. A call that is given up within its turn is not sent. A request is
 *   aborted when all its calls are given up; its commands may still be executed.
 * - In data that is not UTF-8, each byte from 128 on takes two bytes, and a control character takes six. This counts
 *   towards the limit of Upstash on the size of a request; larger ones are refused with code `too-large`.
 * - A reply that Upstash would not send (the page of a proxy, an empty body) is a failure, with code `unavailable` or
 *   the code for its HTTP status, and never an absent session.
 * - Reads are GETEX, which counts as a write: the primary region processes it, and not a replica that may not have
 *   received recent writes and destroys.
 * - Connections are those of `fetch`. `reconnect` sends one ping on each that may be open, which removes silently
 *   dropped ones; requests under way are not affected. Without it, each dropped connection makes one call run into its
 *   deadline.
 * - A page of `list` is one SCAN that looks at about 100 keys of the database, of any kind. Every string under a key
 *   with the prefix is listed, including those of other programs. Keys that are not valid UTF-8 are not listed.
 * - Upstash silently drops sessions when eviction is on and the database is full.
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
      return sessionIn(await request(call, ["getex", key, ...(ttlSeconds === undefined ? [] : ["ex", ttlSeconds])]));
    },
    async write(key, data, { replaces = "", ttlSeconds }, call) {
      const text = textOf(data);
      const script = text === undefined ? writeBytesScript : writeTextScript;
      const args = [1, key, replaces, text ?? charactersOf(data), data.byteLength, ttlSeconds];
      return writeResultOf(await run(call, script, args), data);
    },
    async touch(key, ttlSeconds, call) {
      return wasDone(await request(call, ["expire", key, ttlSeconds]));
    },
    async destroy(key, replaces, call) {
      if (replaces !== undefined) return destroyResultOf(await run(call, destroyIfScript, [1, key, replaces]));
      const destroyed = wasDone(await request(call, ["del", key]));
      return destroyed ? { destroyed } : { destroyed, current: undefined };
    },
    async list(prefix, cursor, call) {
      return pageOf(await run(call, listScript, [0, ...listArguments(prefix, cursor)]));
    },
    ping(_connection, call) {
      call.notSentYet();
      return ping(() => requests.sendAlone(call, pingCommand));
    },
    async reconnect(_connection, call) {
      const pingOnce = (signal: AbortSignal) => ping(() => call.send(() => requests.sendExtra(signal, pingCommand)));
      await pingConnections(requests.most, pingOnce, call.signal, clock);
      requests.forgetMost();
    },
    close() {},
  };

  async function run(call: Call, { source, digest }: UpstashScript, args: Command): Promise<unknown> {
    try {
      return await request(call, ["evalsha", digest, ...args]);
    } catch (error) {
      if (!isMissingScript(error)) throw error;
      return request(call, ["eval", source, ...args]);
    }
  }

  function request(call: Call, command: Command): Promise<unknown> {
    call.notSentYet();
    return requests.send(call, command);
  }
}

const pingCommand: Command = ["ping"];

/** Sends a ping. An answer that reports trouble is also a sign of life. */
async function ping(send: () => Promise<unknown>): Promise<void> {
  try {
    if ((await send()) !== "PONG") throw notTheStore();
  } catch (error) {
    if (!isSessionError(error) || !saysAlive(error)) throw error;
  }
}
