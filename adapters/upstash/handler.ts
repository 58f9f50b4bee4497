import {
  type Call,
  type Clock,
  createGuardedHandler,
  type HandlerOptions,
  isSessionError,
  type ListingSessionBackend,
  type ListingSessionHandler,
  type NetworkedSessionBackend,
  type NetworkedSessionHandler,
  systemClock,
} from "sessionwire";
import { type Answer, answerOf, notTheStore, sessionIn, versionOf, wasDone } from "./answers.ts";
import { charactersOf } from "./bytes.ts";
import { saysAlive, toSessionError } from "./errors.ts";
import { listArguments, pageOf } from "./list.ts";
import { pingConnections } from "./reconnect.ts";
import { createRequests, type UpstashRequests } from "./requests.ts";
import {
  destroyIfScript,
  destroyScript,
  listScript,
  readAndTouchScript,
  readScript,
  touchScript,
  writeScript,
} from "./scripts.ts";
import type { MakeClient, UpstashClient, UpstashSource } from "./source.ts";

/**
 * The options of {@link createUpstashHandler}: those that every handler has.
 *
 * @public
 */
export interface UpstashHandlerOptions extends HandlerOptions {}

/** Makes the handler. The client is handed in, because `sessionwire/url` looks for it only when a URL needs it. */
export function createHandler(
  makeClient: MakeClient,
  source: UpstashSource,
  options: UpstashHandlerOptions,
): NetworkedSessionHandler & ListingSessionHandler {
  const { clock = systemClock } = options;
  const requests = createRequests(makeClient, source);
  return createGuardedHandler(createUpstashBackend(requests, clock), { ...options, name: "Upstash" });
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
      const args = listArguments(prefix, cursor);
      return pageOf(
        await request(call, () => requests.send(call.signal, (client) => client.eval(listScript, [], args))),
      );
    },
    ping: (_connection, call) => ping(call, () => requests.send(call.signal, pingClient)),
    async reconnect(_connection, call) {
      const pingOnce = (signal: AbortSignal) => ping(call, () => requests.sendExtra(signal, pingClient));
      await pingConnections(requests.most, pingOnce, call.signal, clock);
      requests.forgetMost();
    },
    close() {},
  };

  async function run(call: Call, script: string, key: string, ...args: string[]): Promise<Answer> {
    return answerOf(
      await request(call, () => requests.send(call.signal, (client) => client.eval(script, [key], args))),
    );
  }
}

const pingClient = (client: UpstashClient) => client.ping();

/** An answer that tells of trouble is a sign of life, too. */
async function ping(call: Call, send: () => Promise<unknown>): Promise<void> {
  try {
    if ((await request(call, send)) !== "PONG") throw notTheStore();
  } catch (error) {
    if (!isSessionError(error) || !saysAlive(error)) throw error;
  }
}

async function request<T>(call: Call, send: () => Promise<T>): Promise<T> {
  try {
    return await call.send(send);
  } catch (error) {
    throw toSessionError(error);
  }
}
