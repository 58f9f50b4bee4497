import { randomBytes } from "node:crypto";
import { RedisStore } from "connect-redis";
import type { SessionData } from "express-session";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { createSessionManager, expressFormat, nativeFormat, type Session, type SessionManager } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { createExpressStore, type ExpressStore } from "sessionwire/express";
import { createRedisHandler } from "sessionwire/redis";
import type { Row } from "./measure.ts";
import type { Question } from "./redis.ts";
import type { Counter } from "./writers.ts";

type Attributes = Record<string, unknown> & { n: number };

/** Everything that is compared, each with one connection of its own. */
export interface SessionStores extends AsyncDisposable {
  readonly raw: Redis;
  readonly connectRedis: RedisStore;
  readonly expressStore: ExpressStore<Attributes>;
  readonly native: SessionManager<Attributes>;
  readonly express: SessionManager<Attributes>;
  /** As in other processes. */
  readonly elsewhere: { readonly native: SessionManager<Attributes>; readonly express: SessionManager<Attributes> };
}

const ttlSeconds = 1800;
const cookie = { originalMaxAge: null, expires: null, httpOnly: true, path: "/" };
/** About 1 KB of what sessions are made of. */
const attributes: Attributes = {
  n: 0,
  user: { id: 4711, name: "Zoë", roles: ["editor", "reader"], locale: "de-CH" },
  items: Array.from({ length: 12 }, (_, place) => ({ sku: `article-${place}`, quantity: place, note: "x".repeat(30) })),
};
const data = { cookie, ...attributes } as unknown as SessionData & { n: number }; // as express-session would have it
const json = JSON.stringify(data);

export async function connectSessionStores(url: string): Promise<SessionStores> {
  const raw = new Redis(url);
  const client = createClient({ url });
  await client.connect();
  const sessionsIn = (format: SessionFormat) =>
    createSessionManager<Attributes>({ handler: createRedisHandler(url), format });
  const native = sessionsIn(nativeFormat());
  const express = sessionsIn(expressFormat());
  const elsewhere = { native: sessionsIn(nativeFormat()), express: sessionsIn(expressFormat()) };
  const expressStore = createExpressStore<Attributes>(createRedisHandler(url));
  return {
    raw,
    connectRedis: new RedisStore({ client, ttl: ttlSeconds }),
    expressStore,
    native,
    express,
    elsewhere,
    async [Symbol.asyncDispose]() {
      raw.disconnect();
      client.destroy();
      const managers = [native, express, elsewhere.native, elsewhere.express, expressStore.sessions];
      await Promise.all(managers.map((sessions) => sessions.close()));
    },
  };
}

const names = {
  raw: "ioredis, GET and SET of JSON",
  connectRedis: "connect-redis",
  store: "createExpressStore",
  native: "Session, native format",
  express: "Session, format of express-session",
};

/** What a request does with its session, from one to the next; each of a thousand sessions in its turn. */
export function sessionQuestions(stores: SessionStores): Question[] {
  return [
    { question: "open", rows: openRows(stores) },
    { question: "open, save unchanged", rows: unchangedRows(stores) },
    { question: "open, change, save", rows: changedRows(stores) },
    { question: "change, save: somebody else was faster", rows: conflictRows(stores) },
  ];
}

function openRows({ raw, connectRedis, expressStore, native, express }: SessionStores): Row[] {
  return [
    onJson(raw, names.raw, async (id) => parse(await raw.get(`sess:${id}`))),
    onJson(raw, names.connectRedis, (id) => connectRedis.get(id)),
    onJson(raw, names.store, (id) => expressStore.get(id)),
    onJson(raw, names.express, (id) => express.open(id, { keepAlive: false })),
    onNative(raw, native, names.native, (id) => native.open(id)),
  ];
}

/** As express-session does it without `resave`: stores touch what was not changed. */
function unchangedRows({ raw, connectRedis, expressStore, native, express }: SessionStores): Row[] {
  return [
    onJson(raw, `${names.raw}, EXPIRE`, async (id) => {
      const found = parse(await raw.get(`sess:${id}`));
      await raw.expire(`sess:${id}`, ttlSeconds);
      return found;
    }),
    onJson(raw, names.connectRedis, async (id) => {
      const found = await connectRedis.get(id);
      await connectRedis.touch(id, found);
      return found;
    }),
    onJson(raw, names.store, async (id) => {
      const found = present(await expressStore.get(id));
      await expressStore.touch(id, found);
      return found;
    }),
    onJson(raw, names.express, async (id) => saved(await express.open(id))),
    onNative(raw, native, names.native, async (id) => saved(await native.open(id))),
  ];
}

function changedRows({ raw, connectRedis, expressStore, native, express }: SessionStores): Row[] {
  const change = async (opened: Session<Attributes> | undefined) => {
    const session = present(opened);
    session.set("n", present(session.get("n")) + 1);
    await session.save();
    return session;
  };
  return [
    onJson(raw, names.raw, (id) => incrementRaw(raw, id)),
    onJson(raw, names.connectRedis, (id) => incrementIn(connectRedis, id)),
    onJson(raw, names.store, (id) => incrementIn(expressStore, id)),
    onJson(raw, names.express, async (id) => change(await express.open(id, { keepAlive: false }))),
    onNative(raw, native, names.native, async (id) => change(await native.open(id))),
  ];
}

/** The first row wipes what the other one wrote; the others keep it. */
function conflictRows({ raw, native, express, elsewhere }: SessionStores): Row[] {
  const conflict = async (here: SessionManager<Attributes>, there: SessionManager<Attributes>, id: string) => {
    const [mine, theirs] = await Promise.all([here.open(id), there.open(id)]);
    mine?.set("mine", Math.random());
    theirs?.set("theirs", Math.random());
    await theirs?.save();
    await mine?.save();
    return mine;
  };
  return [
    onJson(raw, `${names.raw}, wiped`, async (id) => {
      const [mine, theirs] = (await raw.mget(`sess:${id}`, `sess:${id}`)).map(parse);
      await raw.set(`sess:${id}`, JSON.stringify({ ...theirs, theirs: Math.random() }), "EX", ttlSeconds);
      await raw.set(`sess:${id}`, JSON.stringify({ ...mine, mine: Math.random() }), "EX", ttlSeconds);
      return mine;
    }),
    onJson(raw, names.express, (id) => conflict(express, elsewhere.express, id)),
    onNative(raw, native, names.native, (id) => conflict(native, elsewhere.native, id)),
  ];
}

/** What adds one to a count that others add to as well. */
export function counters({ raw, connectRedis, expressStore, native, express }: SessionStores): Counter[] {
  return [
    onJsonCount(raw, names.raw, (id) => incrementRaw(raw, id)),
    onJsonCount(raw, names.connectRedis, (id) => incrementIn(connectRedis, id)),
    ...[
      { name: "sessions.update, native format", sessions: native },
      { name: "sessions.update, format of express-session", sessions: express },
      { name: "sessions.update of createExpressStore", sessions: expressStore.sessions },
    ].map(({ name, sessions }) => onManager(raw, sessions, name)),
  ];
}

function onManager(raw: Redis, sessions: SessionManager<Attributes>, name: string): Counter {
  let ids: string[] = [];
  return {
    name,
    async prepare(count) {
      ids = await createSessions(raw, sessions, count);
    },
    increment: (session) => sessions.update(ids[session] ?? "", (draft) => draft.update("n", (n = 0) => n + 1)),
    async total() {
      const opened = await Promise.all(ids.map((id) => sessions.open(id)));
      return opened.reduce((sum, session) => sum + (session?.get("n") ?? 0), 0);
    },
  };
}

function onJsonCount(raw: Redis, name: string, increment: (id: string) => Promise<unknown>): Counter {
  let ids: string[] = [];
  return {
    name,
    async prepare(count) {
      ids = await createJson(raw, count);
    },
    increment: (session) => increment(ids[session] ?? ""),
    async total() {
      const stored = await raw.mget(ids.map((id) => `sess:${id}`));
      return stored.map(parse).reduce((sum, { n }) => sum + n, 0);
    },
  };
}

async function incrementRaw(raw: Redis, id: string): Promise<Attributes> {
  const session = parse(await raw.get(`sess:${id}`));
  session.n += 1;
  await raw.set(`sess:${id}`, JSON.stringify(session), "EX", ttlSeconds);
  return session;
}

async function incrementIn(store: RedisStore | ExpressStore<Attributes>, id: string): Promise<SessionData> {
  const session: SessionData & { n: number } = present(await store.get(id));
  session.n += 1;
  await store.set(id, session);
  return session;
}

/** A row on sessions that express-session could have stored. */
function onJson(raw: Redis, name: string, call: (id: string) => Promise<unknown>): Row {
  return inTurn(name, () => createJson(raw, 1000), call);
}

function onNative(
  raw: Redis,
  sessions: SessionManager<Attributes>,
  name: string,
  call: (id: string) => Promise<unknown>,
): Row {
  return inTurn(name, () => createSessions(raw, sessions, 1000), call);
}

function inTurn(name: string, create: () => Promise<string[]>, call: (id: string) => Promise<unknown>): Row {
  let ids: string[] = [];
  let next = 0;
  return {
    name,
    async prepare() {
      ids = await create();
    },
    async run() {
      next = (next + 1) % ids.length;
      // A row that does not do its work must not look fast.
      if (!(await call(ids[next] ?? ""))) throw new Error(`${name} has found no session.`);
    },
  };
}

async function createJson(raw: Redis, count: number): Promise<string[]> {
  await raw.flushall();
  const ids = Array.from({ length: count }, () => randomBytes(24).toString("base64url"));
  await Promise.all(ids.map((id) => raw.set(`sess:${id}`, json, "EX", ttlSeconds)));
  return ids;
}

async function createSessions(raw: Redis, sessions: SessionManager<Attributes>, count: number): Promise<string[]> {
  await raw.flushall();
  return Promise.all(
    Array.from({ length: count }, async () => {
      const session = await sessions.create();
      for (const [name, value] of Object.entries(attributes)) session.set(name, value);
      await session.save();
      return session.id;
    }),
  );
}

async function saved(session: Session<Attributes> | undefined): Promise<Session<Attributes>> {
  await present(session).save();
  return present(session);
}

function parse(text: string | null): Attributes {
  return JSON.parse(present(text ?? undefined));
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("A session is missing.");
  return value;
}
