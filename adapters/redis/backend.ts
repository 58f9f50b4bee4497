import type { Redis } from "ioredis";
import type { DestroyResult } from "sessionwire";
import type { Call, ListingSessionBackend, NetworkedSessionBackend } from "sessionwire/backend";
import { CompareAndSet } from "./compare-and-set.ts";
import { Destroy, Write } from "./conditional-change.ts";
import type { RedisConnections } from "./connection.ts";
import { rejectInOurTerms } from "./errors.ts";
import { RecentBytes } from "./recent-bytes.ts";
import { routeThrough, scan } from "./scan.ts";
import type { ServerAbilities } from "./server-abilities.ts";
import { storedBytes } from "./stored-bytes.ts";
import { sessionOf } from "./versioned.ts";

/** Stores sessions over these connections: each under its own key, with its bytes unchanged. */
export function createRedisBackend(
  connections: RedisConnections,
  abilities: ServerAbilities,
): NetworkedSessionBackend & ListingSessionBackend {
  const recent = new RecentBytes();
  const compareAndSet = new CompareAndSet(connections, abilities, recent);
  const toSession = (reply: Buffer | null) => sessionOf(reply, recent);

  return {
    read(key, ttlSeconds, call) {
      return request(key, call, toSession, (client) =>
        ttlSeconds === undefined ? client.getBuffer(key) : client.getexBuffer(key, "EX", ttlSeconds),
      );
    },
    write(key, data, { replaces, ttlSeconds }, call) {
      return compareAndSet.make(new Write(key, storedBytes(data), replaces, ttlSeconds, call, recent));
    },
    touch(key, ttlSeconds, call) {
      return request(key, call, isOne, (client) => client.expire(key, ttlSeconds));
    },
    destroy(key, replaces, call) {
      if (replaces !== undefined) return compareAndSet.make(new Destroy(key, replaces, call));
      return request(key, call, toDestroyResult, (client) => client.del(key));
    },
    async list(prefix, cursor, call) {
      try {
        const route = routeThrough(await connections.servers(call), cursor);
        return await connections.sendTo(route.server, call, (client) => scan(client, prefix, route));
      } catch (error) {
        return rejectInOurTerms(error);
      }
    },
    ping: (connection, call) => connections.ping(connection, call).catch(rejectInOurTerms),
    reconnect: (connection, call) => connections.reconnect(connection, call.signal),
    ...(connections.connectionOf && { connectionOf: (key) => connections.connectionOf?.(key) ?? "" }),
    close: () => connections.close(),
  };

  function request<Reply, Result>(
    key: string,
    call: Call,
    read: (reply: Reply) => Result,
    command: (client: Redis) => Promise<Reply>,
  ): Promise<Result> {
    call.notSentYet();
    return connections.send(key, call, command).then(read, rejectInOurTerms);
  }
}

function isOne(reply: number): boolean {
  return reply === 1;
}

function toDestroyResult(reply: number): DestroyResult {
  return isOne(reply) ? { destroyed: true } : { destroyed: false, current: undefined };
}
