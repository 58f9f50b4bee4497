import type { createRedisKeyspaceChannel } from "sessionwire/redis";
import { expect, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import type { Law } from "../laws/law.ts";
import { startRedis } from "../servers/redis-server.ts";
import { hear } from "./hearing.ts";
import { FOUND_OUT_MS, soon } from "./redis.ts";

export interface KeyspaceSubject {
  readonly createRedisKeyspaceChannel: typeof createRedisKeyspaceChannel;
}

const sending = ["--notify-keyspace-events", "Egxe"];
const patient = { timeout: FOUND_OUT_MS };

/** The laws of a channel that only hears. */
export const keyspaceLaws: readonly Law<KeyspaceSubject>[] = [
  {
    law: 121,
    says: "keys of sessions that are deleted, expire or get another name are heard, and no others",
    async check({ createRedisKeyspaceChannel }) {
      await using server = await startRedis({ args: sending });
      await using channel = createRedisKeyspaceChannel(server.url, { ...soon, prefix: "app:", keysBeginWith: "sess:" });
      const heard = hear(channel);
      await vi.waitUntil(() => heard.includes("gap"), patient);
      for (const name of ["del", "unlink", "getdel", "expired", "renamed"])
        await server.command("set", `app:sess:${name}`, "x");
      for (const name of ["app:other", "sess:other", "app:sess:kept"]) await server.command("set", name, "x");
      await server.command("del", "app:other", "sess:other", "app:sess:del");
      await server.command("unlink", "app:sess:unlink");
      await server.command("getdel", "app:sess:getdel");
      await server.command("rename", "app:sess:renamed", "elsewhere");
      await server.command("pexpire", "app:sess:expired", "10");
      await vi.waitUntil(() => heard.includes("sess:expired"), patient);
      const ended = ["del", "expired", "getdel", "renamed", "unlink"].map((name) => `sess:${name}`);
      expect(heard.filter((each) => each !== "gap").sort()).toEqual(ended);
    },
  },
  {
    law: 115,
    says: "a connection to the keyspace that is silent is replaced, and what was missed is a gap",
    async check({ createRedisKeyspaceChannel }) {
      await using server = await startRedis({ args: sending });
      await using proxy = await startProxy(server);
      await using channel = createRedisKeyspaceChannel(proxy.url, soon);
      const heard = hear(channel);
      await vi.waitUntil(() => heard.includes("gap"), patient);
      for (const trouble of [() => proxy.silence(), () => proxy.resetAll()]) {
        const before = heard.length;
        trouble();
        await vi.waitUntil(() => heard.indexOf("gap", before) >= 0, patient);
      }
      await server.command("set", "a-key", "x");
      await server.command("del", "a-key");
      await vi.waitUntil(() => heard.includes("a-key"), patient);
    },
  },
  {
    law: 119,
    says: "closing what hears the keyspace leaves no connection, though the other side is silent",
    async check({ createRedisKeyspaceChannel }) {
      await using server = await startRedis({ args: sending });
      await using proxy = await startProxy(server);
      const channel = createRedisKeyspaceChannel(proxy.url, soon);
      const heard = hear(channel);
      await vi.waitUntil(() => heard.includes("gap"), patient);
      proxy.silence();
      proxy.newConnections = "silent";
      await Promise.all([channel.close(), channel.close()]);
      await vi.waitUntil(() => proxy.open === 0, patient);
      const late = hear(channel);
      expect(late).toEqual([]);
    },
  },
];
