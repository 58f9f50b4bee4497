import cookies from "@fastify/cookie";
import session, { type SessionStore } from "@fastify/session";
import fastify from "fastify";
import { Redis } from "ioredis";
import { createExpressStore } from "sessionwire/express";
import { createRedisHandler } from "sessionwire/redis";
import { countOf } from "../sessions/stored.ts";
import { loadConnectRedis8 } from "../tools/peers.ts";
import { bareSite, jsonSite, type OpenSite, secret } from "./site.ts";

export const bare: OpenSite = async () => {
  const application = fastify();
  application.get("/*", async () => "0");
  await application.ready();
  return bareSite(application.routing);
};

export const connectRedis8: OpenSite = async (options) => {
  const { RedisStore } = await loadConnectRedis8();
  return siteOn(new RedisStore({ client: new Redis(options.url), prefix: options.prefix }), options);
};

export const ours: OpenSite = (options) =>
  siteOn(createExpressStore(createRedisHandler(options.url), { prefix: options.prefix }), options);

async function siteOn(store: unknown, options: Parameters<OpenSite>[0]): ReturnType<OpenSite> {
  const application = fastify();
  await application.register(cookies);
  await application.register(session, {
    store: store as SessionStore, // its types do not accept a session of express-session
    secret,
    cookieName: "connect.sid",
    cookiePrefix: "s:",
    cookie: { secure: false },
    saveUninitialized: false,
    rolling: false,
  });
  application.get("/*", async (request) => {
    const stored = request.session as unknown as { n: number };
    if (request.url === "/change") stored.n = countOf(stored.n) + 1;
    return String(countOf(stored.n));
  });
  await application.ready();
  return jsonSite(options, application.routing);
}
