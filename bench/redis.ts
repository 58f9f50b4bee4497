import { hash, randomBytes } from "node:crypto";
import { RedisStore } from "connect-redis";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { type SessionHandler, type Version, withConnectionCheck, withTimeout } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import type { Row } from "./measure.ts";

export interface Question {
  readonly question: string;
  /** The floor first. */
  readonly rows: readonly Row[];
}

/** Everything that is compared, each with one connection of its own. */
export interface RedisStores extends AsyncDisposable {
  readonly raw: RawRedis;
  readonly handlers: readonly { readonly name: string; readonly handler: SessionHandler }[];
  readonly connectRedis: RedisStore;
}

/** A client as `defineCommand` leaves it, which its types do not know of. */
type RawRedis = Redis & {
  compareAndSetBuffer(key: string, replaces: string, data: Buffer, ttlSeconds: number): Promise<unknown>;
};

const ttlSeconds = 86_400;
const data = randomBytes(1024);
const otherData = randomBytes(1024);
/** connect-redis stores JSON: this object has just as many bytes in it. */
const cookie = { originalMaxAge: null };
const session = { cookie, text: "x".repeat(1024 - JSON.stringify({ cookie, text: "" }).length) };
const jsonRow = "JSON of 1 KB";

export async function connectToRedis(url: string): Promise<RedisStores> {
  const raw = new Redis(url) as RawRedis;
  raw.defineCommand("compareAndSet", { numberOfKeys: 1, lua: compareAndSet });
  const handlers = [
    { name: "createRedisHandler", handler: createRedisHandler(url) },
    { name: "withConnectionCheck(createRedisHandler)", handler: withConnectionCheck(createRedisHandler(url)) },
    {
      name: "withConnectionCheck(withTimeout(createRedisHandler))",
      handler: withConnectionCheck(withTimeout(createRedisHandler(url))),
    },
  ];
  const client = createClient({ url });
  await client.connect();
  return {
    raw,
    handlers,
    connectRedis: new RedisStore({ client, prefix: "" }),
    async [Symbol.asyncDispose]() {
      raw.disconnect();
      client.destroy();
      await Promise.all(handlers.map(({ handler }) => handler.close()));
    },
  };
}

/** What somebody would write by hand; the version is a digest, so that the old bytes need not be sent. */
const compareAndSet = `
local current = redis.call('GET', KEYS[1])
if (current and redis.sha1hex(current) or '') ~= ARGV[1] then return current end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
`;

/** The same questions for any number of calls at a time. */
export function redisQuestions(stores: RedisStores, callsPerRound: number): Question[] {
  return [
    { question: "read", rows: readRows(stores) },
    { question: "read and touch", rows: readAndTouchRows(stores) },
    { question: "replacing write", rows: replaceRows(stores) },
    { question: "create", rows: createRows(stores) },
    { question: "touch", rows: touchRows(stores) },
    { question: "destroy", rows: destroyRows(stores, callsPerRound) },
  ];
}

function readRows({ raw, handlers, connectRedis }: RedisStores): Row[] {
  return [
    onStored(raw, data, "ioredis, GET", (id) => raw.getBuffer(id)),
    ...handlers.map(({ name, handler }) => onStored(raw, data, name, (id) => handler.read(id))),
    onStored(raw, json(session), `connect-redis, ${jsonRow}`, (id) => connectRedis.get(id)),
  ];
}

function readAndTouchRows({ raw, handlers, connectRedis }: RedisStores): Row[] {
  return [
    onStored(raw, data, "ioredis, GETEX", (id) => raw.getexBuffer(id, "EX", ttlSeconds)),
    ...handlers.map(({ name, handler }) => onStored(raw, data, name, (id) => handler.read(id, { ttlSeconds }))),
    onStored(raw, json(session), `connect-redis, get and then touch, ${jsonRow}`, async (id) => {
      const found = await connectRedis.get(id);
      await connectRedis.touch(id, session);
      return found;
    }),
  ];
}

function replaceRows({ raw, handlers, connectRedis }: RedisStores): Row[] {
  return [
    onOwnSession(raw, "ioredis, SET without any condition", async (own) => {
      await raw.set(own.id, own.nextData(), "EX", ttlSeconds);
    }),
    onOwnSession(raw, "ioredis, compare-and-set by a Lua script", async (own) => {
      const next = own.nextData();
      expectTrue((await raw.compareAndSetBuffer(own.id, own.version, next, ttlSeconds)) === 1);
      own.version = hash("sha1", next, "hex");
    }),
    ...handlers.map(({ name, handler }) =>
      onOwnSession(raw, name, async (own) => {
        // The version is empty before the first write, which creates the session.
        const replaces = own.version === "" ? undefined : (own.version as Version);
        const result = await handler.write(own.id, own.nextData(), { replaces, ttlSeconds });
        if (!result.written) throw new Error(`${name} has refused a write.`);
        own.version = result.version;
      }),
    ),
    onOwnSession(raw, `connect-redis, without any condition, ${jsonRow}`, (own) => connectRedis.set(own.id, session)),
  ];
}

function createRows({ raw, handlers, connectRedis }: RedisStores): Row[] {
  return [
    onFresh(raw, "ioredis, SET NX", async (id) => (await raw.set(id, data, "EX", ttlSeconds, "NX")) === "OK"),
    onFresh(raw, "ioredis, compare-and-set by a Lua script", async (id) => {
      return (await raw.compareAndSetBuffer(id, "", data, ttlSeconds)) === 1;
    }),
    ...handlers.map(({ name, handler }) =>
      onFresh(raw, name, async (id) => (await handler.write(id, data, { replaces: undefined, ttlSeconds })).written),
    ),
    onFresh(raw, `connect-redis, without any condition, ${jsonRow}`, async (id) => {
      await connectRedis.set(id, session);
      return true;
    }),
  ];
}

function touchRows({ raw, handlers, connectRedis }: RedisStores): Row[] {
  return [
    onStored(raw, data, "ioredis, EXPIRE", (id) => raw.expire(id, ttlSeconds)),
    ...handlers.map(({ name, handler }) => onStored(raw, data, name, (id) => handler.touch(id, ttlSeconds))),
    onStored(raw, data, "connect-redis", async (id) => {
      await connectRedis.touch(id, session);
      return true;
    }),
  ];
}

function destroyRows({ raw, handlers, connectRedis }: RedisStores, callsPerRound: number): Row[] {
  return [
    onDoomed(raw, callsPerRound, "ioredis, DEL", async (id) => (await raw.del(id)) === 1),
    ...handlers.map(({ name, handler }) =>
      onDoomed(raw, callsPerRound, name, async (id) => (await handler.destroy(id)).destroyed),
    ),
    onDoomed(raw, callsPerRound, "connect-redis", async (id) => {
      await connectRedis.destroy(id);
      return true;
    }),
  ];
}

/** Calls for one of a thousand stored sessions, each in its turn. */
function onStored(raw: Redis, bytes: Buffer, name: string, call: (id: string) => Promise<unknown>): Row {
  const ids = createIds(1000);
  let next = 0;
  return {
    name,
    prepare: () => refill(raw, ids, bytes),
    async run() {
      next = (next + 1) % ids.length;
      expectTrue(Boolean(await call(ids[next] ?? "")));
    },
  };
}

/** A session with one writer. Its bytes change with each write. */
class OwnSession {
  readonly id: string = createId();
  version = "";
  #data = data;

  nextData(): Buffer {
    this.#data = this.#data === data ? otherData : data;
    return this.#data;
  }
}

/** Calls that overlap get different sessions, so that none of them is refused. */
function onOwnSession(raw: Redis, name: string, call: (own: OwnSession) => Promise<unknown>): Row {
  let idle: OwnSession[] = [];
  return {
    name,
    async prepare() {
      await raw.flushall();
      idle = Array.from({ length: 1000 }, () => new OwnSession());
      await Promise.all(idle.map(call));
    },
    async run() {
      const own = idle.pop();
      if (own === undefined) throw new Error("More calls at a time than sessions.");
      await call(own);
      idle.push(own);
    },
  };
}

function onFresh(raw: Redis, name: string, create: (id: string) => Promise<boolean>): Row {
  return {
    name,
    prepare: () => refill(raw, [], data),
    run: async () => expectTrue(await create(createId())),
  };
}

function onDoomed(raw: Redis, count: number, name: string, destroy: (id: string) => Promise<boolean>): Row {
  let ids: string[] = [];
  return {
    name,
    prepare() {
      ids = createIds(count);
      return refill(raw, ids, data);
    },
    run: async () => expectTrue(await destroy(ids.pop() ?? "")),
  };
}

async function refill(raw: Redis, ids: readonly string[], bytes: Buffer): Promise<void> {
  await raw.flushall();
  await Promise.all(ids.map((id) => raw.set(id, bytes, "EX", ttlSeconds)));
}

function createIds(count: number): string[] {
  return Array.from({ length: count }, createId);
}

function createId(): string {
  return randomBytes(24).toString("base64url");
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** A row that does not do its work must not look fast. */
function expectTrue(done: boolean): void {
  if (!done) throw new Error("An operation had another result than the bench expects.");
}
