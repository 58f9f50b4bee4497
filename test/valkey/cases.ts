import assert from "node:assert/strict";
import { Redis } from "ioredis";
import type { Version } from "sessionwire";
import type { Case } from "../mutants/cases.ts";
import { openBareRedis } from "../redis/bare-redis.ts";
import type { RedisSubject } from "../redis/laws.ts";
import { bytes, create, textOf } from "../redis/session-data.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";

const ttlSeconds = 60;

/** What only a server with commands that compare can show; by these a broken version is found. */
export function valkeyCases({ createRedisHandler }: RedisSubject): Case[] {
  return [
    {
      name: "what has been changed meanwhile is neither replaced nor destroyed",
      async run() {
        await using server = await startRedis();
        using bare = openBareRedis(server.url);
        await using handler = createRedisHandler(server.url);
        const { id, version } = await create(handler);
        await bare.set(id, "meanwhile");
        const written = await handler.write(id, bytes("second"), { replaces: version, ttlSeconds });
        assert.ok(!written.written);
        assert.equal(textOf(written.current), "meanwhile");
        assert.ok(!(await handler.destroy(id, { replaces: version })).destroyed);
        assert.equal(await bare.get(id), "meanwhile");
      },
    },
    {
      name: "what the server refused to replace is replaced if it is there again by the time of the look",
      async run() {
        await using server = await startRedis();
        using bare = openBareRedis(server.url);
        const source = clientsOf(server, (client) => afterRefusal(client, () => bare.set("a", "first")));
        await using handler = createRedisHandler(source);
        const version = await write(handler, "first");
        await bare.set("a", "meanwhile");
        await write(handler, "second", version);
        assert.equal(textOf(await handler.read("a")), "second");
      },
    },
    {
      name: "a command that is refused on one connection is tried on the next",
      async run() {
        await using server = await startRedis();
        const sent: unknown[] = [];
        let clients = 0;
        const source = clientsOf(server, (client) => {
          clients += 1;
          if (clients === 1) insteadOfCalls(client, refuseSyntax);
          else noteCalls(client, sent);
        });
        await using handler = createRedisHandler(source);
        const version = await write(handler, "first");
        const next = await write(handler, "second", version);
        await handler.reconnect();
        await write(handler, "third", next);
        assert.deepEqual(sent, ["IFEQ"]);
      },
    },
  ];
}

type Handler = ReturnType<RedisSubject["createRedisHandler"]>;

async function write(handler: Handler, text: string, replaces?: Version): Promise<Version> {
  const result = await handler.write("a", bytes(text), { replaces, ttlSeconds });
  assert.ok(result.written);
  return result.version;
}

function clientsOf(server: RedisServer, change: (client: Redis) => void) {
  return (options: object): Redis => {
    const client = new Redis(server.url, options);
    change(client);
    return client;
  };
}

/** Does something between the first refusal and what the handler does next. */
function afterRefusal(client: Redis, act: () => Promise<unknown>): void {
  insteadOfCalls(client, async (call) => {
    const reply = await call();
    if (reply === null) await act();
    return reply;
  });
}

/** Answers as a server that does not know a command. */
async function refuseSyntax(): Promise<never> {
  throw Object.assign(new Error("ERR syntax error"), { name: "ReplyError" });
}

function noteCalls(client: Redis, sent: unknown[]): void {
  insteadOfCalls(client, (call, args) => {
    sent.push(args[3]);
    return call();
  });
}

type Args = Parameters<Redis["call"]>;

function insteadOfCalls(client: Redis, act: (call: () => Promise<unknown>, args: Args) => Promise<unknown>): void {
  const { call } = client;
  Object.assign(client, { call: (...args: Args) => act(() => call.apply(client, args), args) });
}
