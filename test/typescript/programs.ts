/** All of the package, by every subpath. */
export const everything = `
import express from "express";
import session from "express-session";
import { createSessionManager, expressCookie, withConnectionCheck } from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";
import { createExpressStore } from "sessionwire/express";
import { createMemcachedHandler } from "sessionwire/memcached";
import { createMemoryHandler } from "sessionwire/memory";
import { createRedisHandler } from "sessionwire/redis";
import { handlerCases } from "sessionwire/testing";
import { sessionContract } from "sessionwire/testing/properties";
import { createUpstashHandler } from "sessionwire/upstash";
import { createSessionHandler } from "sessionwire/url";
import { attachSessions } from "sessionwire/ws";
import { WebSocketServer } from "ws";

const store = createExpressStore(createMemoryHandler());
express().use(session({ store, secret: "s", resave: false, saveUninitialized: false }));
const sessions = createSessionManager<{ visits: number }>({ handler: createMemoryHandler() });
export const count = (id: string): Promise<number> => sessions.update(id, (s) => s.update("visits", (n = 0) => n + 1));
export const more = [createMemcachedHandler, createRedisHandler, createUpstashHandler, createSessionHandler, handlerCases];
export const others = [sessionContract, attachSessions, WebSocketServer, expressCookie, withConnectionCheck, createGuardedHandler];
console.log(typeof count, typeof createSessionManager, typeof createMemoryHandler);
`;

/** What an application declares of its sessions is known to the store, without a word more. */
export const declared = `
import { createSessionManager, expressFormat, type SessionManager } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";

declare module "express-session" {
  interface SessionData {
    cart?: string[];
    user: { name: string };
  }
}

const handler = createMemoryHandler();
const stores = [createExpressStore(handler), createExpressStore(createSessionManager({ handler, format: expressFormat() }))];
for (const { sessions } of stores) {
  const cart: Promise<string[]> = sessions.update("id", (s) => s.update("cart", (cart = []) => [...cart, "apple"]));
  const name: Promise<string | undefined> = sessions.update("id", (s) => s.get("user")?.name);
  // @ts-expect-error Nobody has declared it.
  sessions.update("id", (s) => s.set("unknown", 1));
  // @ts-expect-error It is a list of texts.
  sessions.update("id", (s) => s.update("cart", () => [1]));
  // @ts-expect-error The cookie is no attribute.
  sessions.update("id", (s) => s.delete("cookie"));
  void [cart, name];
}
const own = createExpressStore(createSessionManager<{ seats: number }>({ handler, format: expressFormat() }));
export const manager: SessionManager<{ seats: number }> = own.sessions;
`;

/** The types of attributes are those of a schema. */
export const inferred = `
import { createSessionManager, type SessionSchema } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";

const schema: SessionSchema<{ cart?: string[]; visits: number }> = {
  "~standard": { version: 1, vendor: "own", validate: () => ({ issues: [{ message: "No." }] }) },
};
const sessions = createSessionManager({ handler: createMemoryHandler(), schema, onInvalid: "drop" });
export const visits: Promise<number> = sessions.update("id", (s) => s.update("visits", (n = 0) => n + 1));
// @ts-expect-error The schema has no such attribute.
sessions.update("id", (s) => s.set("unknown", 1));
// @ts-expect-error It is a number.
sessions.update("id", (s) => s.set("visits", "1"));
sessions.update("id", (s) => s.set("cart", ["apple"], { ttlSeconds: 60 }));
`;

/** Where nothing is declared, any attribute may be set. */
export const undeclared = `
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";

const { sessions } = createExpressStore(createMemoryHandler());
export const visits = sessions.update("id", (s) => s.update("visits", (visits) => Number(visits ?? 0) + 1));
`;

/** The store is one to \\@fastify/session, be it that the application has declared its sessions. */
export const fastify = `
import session from "@fastify/session";
import fastify from "fastify";
import { createExpressStore as createStore } from "sessionwire/express";
import { createMemoryHandler as createHandler } from "sessionwire/memory";

declare module "fastify" {
  interface Session {
    user: { name: string };
  }
}

const store = createStore(createHandler());
export const application = fastify().register(session, { secret: "of this test alone, and long enough", store });
`;

/** What CommonJS can do where its compiler takes no `require` of an ES module. */
export const importedLater = `
export async function open(): Promise<unknown> {
  const [{ createExpressStore }, { createMemoryHandler }] = await Promise.all([
    import("sessionwire/express"),
    import("sessionwire/memory"),
  ]);
  return createExpressStore(createMemoryHandler());
}
`;
