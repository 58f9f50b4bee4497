import express from "express";
import session, { type Store } from "express-session";
import { Redis } from "ioredis";
import { createExpressStore } from "sessionwire/express";
import { createRedisHandler } from "sessionwire/redis";
import { countOf } from "../sessions/stored.ts";
import { loadConnectRedis8, loadConnectRedis10 } from "../tools/peers.ts";
import { bareSite, connectNodeRedis, jsonSite, type OpenSite, secret } from "./site.ts";

export const bare: OpenSite = async () =>
  bareSite(
    express()
      .disable("etag")
      .get("/{*page}", (_request, response) => void response.send("0")),
  );

export const connectRedis8: OpenSite = async (options) => {
  const { RedisStore } = await loadConnectRedis8();
  return siteOn(new RedisStore({ client: new Redis(options.url), prefix: options.prefix }), options);
};

export const connectRedis10: OpenSite = async (options) => {
  const { RedisStore } = await loadConnectRedis10();
  return siteOn(new RedisStore({ client: await connectNodeRedis(options.url), prefix: options.prefix }), options);
};

export const ours: OpenSite = (options) =>
  siteOn(createExpressStore(createRedisHandler(options.url), { prefix: options.prefix }), options);

function siteOn(store: Store, options: Parameters<OpenSite>[0]): ReturnType<OpenSite> {
  const application = express().disable("etag");
  application.use(session({ store, secret, resave: false, saveUninitialized: false }));
  application.get("/{*page}", (request, response) => {
    const stored = request.session as unknown as { n: number };
    if (request.url === "/change") stored.n = countOf(stored.n) + 1;
    response.send(String(countOf(stored.n)));
  });
  return jsonSite(options, application);
}
