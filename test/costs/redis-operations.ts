import { Redis } from "ioredis";
import type * as core from "sessionwire";
import type * as expressStore from "sessionwire/express";
import type * as redis from "sessionwire/redis";
import type { MeasuredOperation } from "./measure.ts";

export type RedisParts = Pick<typeof core, "createSessionManager" | "withConnectionCheck" | "withTimeout"> &
  Pick<typeof redis, "createRedisHandler"> &
  Pick<typeof expressStore, "createExpressStore">;

const ttlSeconds = 1800;
/** About 1 KB of what sessions are made of. */
const attributes = {
  n: 0,
  user: { id: 4711, name: "Zoë", roles: ["editor", "reader"], locale: "de-CH" },
  items: Array.from({ length: 12 }, (_, index) => ({ sku: `article-${index}`, quantity: index, note: "x".repeat(30) })),
};

/** Operations on a Redis that is connected already, one at a time. */
export async function redisOperations(parts: RedisParts, url: string): Promise<MeasuredOperation[]> {
  const { createRedisHandler, withConnectionCheck, withTimeout } = parts;
  const raw = new Redis(url);
  await raw.set("raw", Buffer.alloc(1024, "x"));
  return [
    { name: "raw GET", run: () => raw.getBuffer("raw") },
    ...(await handlerOperations("handler", createRedisHandler(url))),
    ...(await handlerOperations("check", withConnectionCheck(createRedisHandler(url)))),
    ...(await handlerOperations("timeout(check)", withTimeout(withConnectionCheck(createRedisHandler(url))))),
    ...(await managerOperations(parts, url)),
    ...(await storeOperations(parts, url)),
  ];
}

async function handlerOperations(name: string, handler: core.SessionHandler): Promise<MeasuredOperation[]> {
  const data = [Buffer.alloc(1024, "a"), Buffer.alloc(1024, "b")] as const;
  let [next, other] = data;
  let replaces = versionIn(await handler.write(name, other, { replaces: undefined, ttlSeconds }));
  return [
    { name: `${name}.read`, run: () => handler.read(name) },
    {
      name: `${name}.write`,
      run: () => handler.write(name, next, { replaces, ttlSeconds }),
      note(result) {
        replaces = versionIn(result as core.WriteResult); // what `run` gives
        [next, other] = [other, next];
      },
    },
    { name: `${name}.touch`, run: () => handler.touch(name, ttlSeconds) },
    { name: `${name}.destroy`, run: () => handler.destroy(`${name}, which is absent`) },
  ];
}

function versionIn(result: core.WriteResult): core.Version {
  if (!result.written) throw new Error("A write was refused.");
  return result.version;
}

async function managerOperations(parts: RedisParts, url: string): Promise<MeasuredOperation[]> {
  const handler = parts.withConnectionCheck(parts.createRedisHandler(url));
  const sessions = parts.createSessionManager<typeof attributes>({ handler });
  const created = await sessions.create();
  for (const name of ["n", "user", "items"] as const) created.set(name, attributes[name]);
  await created.save();
  const { id } = created;
  return [
    { name: "open", run: () => sessions.open(id) },
    {
      name: "open, set, save",
      async run() {
        const session = present(await sessions.open(id));
        session.set("n", (session.get("n") ?? 0) + 1);
        await session.save();
      },
    },
    { name: "update", run: () => sessions.update(id, (draft) => draft.set("n", (draft.get("n") ?? 0) + 1)) },
  ];
}

async function storeOperations(parts: RedisParts, url: string): Promise<MeasuredOperation[]> {
  const handler = parts.withConnectionCheck(parts.createRedisHandler(url));
  const store = parts.createExpressStore<typeof attributes>(handler);
  const cookie = { originalMaxAge: null, expires: null, httpOnly: true, path: "/" };
  await store.set("a", { cookie, ...attributes } as never); // as express-session would have it
  return [
    { name: "store.get", run: () => store.get("a") },
    {
      name: "store.get, touch",
      async run() {
        await store.touch("a", present(await store.get("a")));
      },
    },
    {
      name: "store.get, set",
      async run() {
        const session = present(await store.get("a"));
        (session as unknown as typeof attributes).n += 1; // as above
        await store.set("a", session);
      },
    },
  ];
}

function present<T>(found: T | undefined): T {
  if (found === undefined) throw new Error("The session is gone.");
  return found;
}
