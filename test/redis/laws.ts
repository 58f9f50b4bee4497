import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import type { Version } from "sessionwire";
import type { createRedisHandler } from "sessionwire/redis";
import { type ConformanceCase, networkedCases, rejects } from "sessionwire/testing";
import { casesOf } from "../conformance/cases.ts";
import { redisHarness } from "../conformance/stores/redis.ts";
import type { Law } from "../laws/law.ts";
import { everythingIn, failuresOf } from "../laws/secrets.ts";
import { startRedis } from "../servers/redis-server.ts";
import { openBareRedis } from "./bare-redis.ts";
import { doubtfulErrors, otherErrors, type SaidError, saidErrors } from "./error-replies.ts";
import { repetitions, startRepeating } from "./repeating-server.ts";
import { bytes } from "./session-data.ts";

const create = { replaces: undefined, ttlSeconds: 600 };

export interface RedisSubject {
  readonly createRedisHandler: typeof createRedisHandler;
}

/** What only a server of this kind can show, each on the shortest story. */
export const redisLaws: readonly Law<RedisSubject>[] = [
  {
    law: 20,
    says: "a creation where there is a session is refused, and says what is there",
    async check(subject) {
      await using scene = await setUp(subject);
      const created = await scene.handler.write("a", bytes("first"), create);
      assert.ok(created.written);
      const refused = await scene.handler.write("a", bytes("second"), create);
      assert.ok(!refused.written);
      assert.deepEqual(refused.current?.data, bytes("first"));
      assert.equal(refused.current?.version, created.version);
    },
  },
  {
    law: 29,
    says: "an id is never part of the text of a script",
    async check(subject) {
      await using scene = await setUp(subject);
      for (const id of ["'", "'] = 1 --", '"', "]]", "\\", "%d", "KEYS[1]", "\n"]) {
        const written = await scene.handler.write(id, bytes("x"), create);
        assert.ok(written.written, JSON.stringify(id));
        const destroyed = await scene.handler.destroy(id, { replaces: written.version });
        assert.ok(destroyed.destroyed, JSON.stringify(id));
      }
      assert.equal(await scene.server.command("DBSIZE"), 0);
    },
  },
  {
    law: 33,
    says: "an error has the code of its word, wherever the server puts that, and no word that was only repeated",
    async check({ createRedisHandler }) {
      using server = await startRepeating("");
      await using handler = createRedisHandler(server.url);
      const expected: readonly SaidError[] = [...saidErrors, ...otherErrors.map((text): SaidError => [text, "failed"])];
      for (const [text, code] of expected) {
        server.say(text);
        await rejects(handler.read("id"), code, "any");
        await rejects(handler.write("id", bytes("x"), create), code, "not-applied");
      }
    },
  },
  {
    law: 34,
    says: "an error reply of something between here and the store does not say that nothing was executed",
    async check({ createRedisHandler }) {
      using server = await startRepeating("");
      await using handler = createRedisHandler(server.url);
      for (const text of doubtfulErrors) {
        server.say(text);
        await rejects(handler.write("id", bytes("x"), create), "unavailable", "unknown");
        await rejects(handler.touch("id", 60), "unavailable", "unknown");
      }
    },
  },
  {
    law: 35,
    says: "an error tells neither id nor data, whatever the server repeats, in quotes or without",
    async check({ createRedisHandler }) {
      for (const repetition of repetitions) {
        using server = await startRepeating(repetition);
        await using handler = createRedisHandler(server.url);
        using bare = openBareRedis(server.url);
        await assert.rejects(bare.get("a-secret"), /a-secret/);
        const failures = await failuresOf(handler, "a-secret", "a-secret", "a-secret:8" as Version);
        assert.equal(failures.length, 7);
        for (const failure of failures) assert.doesNotMatch(everythingIn(failure), /a-secret/, repetition);
      }
    },
  },
  {
    law: 36,
    says: "one call is one command, and a server that lost its scripts has executed nothing",
    async check(subject) {
      await using scene = await setUp(subject);
      for (let round = 0; round < 2; round += 1) {
        await scene.server.command("SCRIPT", "FLUSH");
        const created = await scene.handler.write(`round ${round}`, bytes("x"), create);
        assert.ok(created.written);
        const { version: replaces } = created;
        assert.ok((await scene.handler.write(`round ${round}`, bytes("y"), { replaces, ttlSeconds: 60 })).written);
      }
      const stats = String(await scene.server.command("INFO", "commandstats"));
      assert.match(stats, /cmdstat_set:calls=4,/);
    },
  },
  {
    law: 42,
    says: "a session that the store has evicted is an absent session",
    async check(subject) {
      await using scene = await setUp(subject, ["--maxmemory", "4mb", "--maxmemory-policy", "allkeys-lru"]);
      const versions = [];
      for (let index = 0; index < 150; index += 1) {
        const written = await scene.handler.write(`session ${index}`, new Uint8Array(50_000), create);
        assert.ok(written.written);
        versions.push(written.version);
      }
      let evicted = 0;
      for (const [index, replaces] of versions.entries()) {
        if (await scene.handler.read(`session ${index}`)) continue;
        evicted += 1;
        const late = await scene.handler.write(`session ${index}`, bytes("back"), { replaces, ttlSeconds: 60 });
        assert.deepEqual(late, { written: false, current: undefined });
      }
      assert.ok(evicted > 0, "the server has evicted nothing");
    },
  },
  {
    law: 43,
    says: "what is no session is corrupt, and stays as it is",
    async check(subject) {
      await using scene = await setUp(subject);
      const { server, handler } = scene;
      const other = await handler.write("b", bytes("x"), create);
      assert.ok(other.written);
      const replaces = other.version;
      for (const [make, rest, look, range, kept] of [
        ["HSET", ["field", "value"], "HGETALL", [], ["field", "value"]],
        ["RPUSH", ["an element"], "LRANGE", ["0", "-1"], ["an element"]],
      ] as const) {
        await server.command(make, "a", ...rest);
        await rejects(handler.read("a"), "corrupt", "any");
        await rejects(handler.read("a", { ttlSeconds: 60 }), "corrupt", "any");
        await rejects(handler.write("a", bytes("x"), create), "corrupt", "not-applied");
        await rejects(handler.write("a", bytes("x"), { replaces, ttlSeconds: 60 }), "corrupt", "not-applied");
        await rejects(handler.destroy("a", { replaces }), "corrupt", "not-applied");
        assert.deepEqual(await server.command(look, "a", ...range), kept);
        assert.equal(await server.command("TTL", "a"), -1);
        await server.command("DEL", "a");
      }
    },
  },
  {
    law: 73,
    says: "a ping answered by a server in trouble is a sign of life, one that refuses the credentials is none",
    async check(subject) {
      await using scene = await setUp(subject);
      const { server, handler } = scene;
      await server.command("CONFIG", "SET", "save", "3600 1000");
      await rm(server.directory, { recursive: true });
      await server.command("BGSAVE");
      while (!String(await server.command("INFO")).includes("rdb_last_bgsave_status:err"));
      await rejects(handler.write("a", bytes("x"), create), "overloaded", "not-applied");
      await handler.ping();
      await server.command("CONFIG", "SET", "stop-writes-on-bgsave-error", "no", "requirepass", "secret");
      await rejects(handler.reconnect(), "unauthorized", "any");
    },
  },
];

/** By these a broken version is found: they, and what every networked handler must do. */
export function redisCases(subject: RedisSubject): ConformanceCase[] {
  return [...casesOf(redisLaws, subject), ...networkedCases(redisHarness(subject.createRedisHandler))];
}

async function setUp({ createRedisHandler }: RedisSubject, args: string[] = []) {
  const server = await startRedis({ args });
  const handler = createRedisHandler(server.url);
  return {
    server,
    handler,
    async [Symbol.asyncDispose]() {
      await handler.close();
      await server.stop();
    },
  };
}
