import type { IncomingMessage, ServerResponse } from "node:http";
import { Redis } from "ioredis";
import { createSessionManager, nativeFormat } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { countOf, parseJson, storeNative, totalOfManager } from "../sessions/stored.ts";
import { type Attributes, kilobyte, ttlSeconds } from "../tools/content.ts";
import { bareSite, jsonSite, type OpenSite } from "./site.ts";

export const bare: OpenSite = async () => bareSite((_request, response) => response.end("0"));

/** Sessions by hand, without any safeguards: the time to live is renewed with each request. */
export const byHand: OpenSite = (options) => {
  const redis = new Redis(options.url);
  const answer = async (request: IncomingMessage) => {
    const key = options.prefix + (/sid=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "");
    if (request.url !== "/change") return parseJson(await redis.getex(key, "EX", ttlSeconds)).n;
    const session = parseJson(await redis.get(key));
    session.n += 1;
    await redis.set(key, JSON.stringify(session), "EX", ttlSeconds);
    return session.n;
  };
  return jsonSite(options, listenerOf(answer), (id) => `sid=${id}`);
};

export const ours: OpenSite = async ({ url, sessions }) => {
  const manager = createSessionManager<Attributes>({
    handler: createRedisHandler(url),
    format: nativeFormat(),
    cookie: { name: "sid", secure: false },
  });
  const ids = await storeNative(manager, { sessions, bytes: kilobyte });
  const answer = async (request: IncomingMessage) => {
    const id = await manager.cookie.parse(request.headers.cookie);
    const session = await manager.open(id ?? "");
    if (session === undefined) throw new Error("A session of the bench is missing.");
    if (request.url === "/change") {
      session.set("n", countOf(session.get("n")) + 1);
      await session.save();
    }
    return countOf(session.get("n"));
  };
  const total = () => totalOfManager(manager, ids);
  return { listener: listenerOf(answer), cookies: ids.map((id) => `sid=${id}`), total };
};

function listenerOf(answer: (request: IncomingMessage) => Promise<number>) {
  return async (request: IncomingMessage, response: ServerResponse) => {
    response.end(String(await answer(request)));
  };
}
