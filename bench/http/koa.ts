import { createHmac } from "node:crypto";
import type { RequestListener } from "node:http";
import { Redis } from "ioredis";
import { countOf, parseJson } from "../sessions/stored.ts";
import { loadPeer } from "../tools/peers.ts";
import { bareSite, jsonSite, type OpenSite, secret } from "./site.ts";

/** The part of Koa that is used. */
interface Koa {
  keys: string[];
  use(middleware: unknown): Koa;
  callback(): RequestListener;
}

interface Context {
  readonly url: string;
  body: string;
  readonly session: { n: number };
}

type CreateSession = (options: object, application: Koa) => unknown;

export const bare: OpenSite = async () =>
  bareSite((await createKoa()).use((context: Context) => (context.body = "0")).callback());

export const koaSession: OpenSite = async (options) => {
  const redis = new Redis(options.url);
  const store = {
    get: async (id: string) => parseJson(await redis.get(options.prefix + id)),
    set: (id: string, session: object, maxAgeMs: number) =>
      redis.set(options.prefix + id, JSON.stringify(session), "PX", maxAgeMs),
    destroy: (id: string) => redis.del(options.prefix + id),
  };
  const koa = await createKoa();
  koa.keys = [secret];
  const { createSession } = await loadPeer<{ createSession: CreateSession }>("koa-session");
  koa.use(createSession({ store, maxAge: 86_400_000 }, koa)).use((context: Context) => {
    if (context.url === "/change") context.session.n = countOf(context.session.n) + 1;
    context.body = String(countOf(context.session.n));
  });
  return jsonSite(options, koa.callback(), signedCookies);
};

async function createKoa(): Promise<Koa> {
  const { default: Koa } = await loadPeer<{ default: new () => Koa }>("koa");
  return new Koa();
}

/** Signs cookies like the package keygrip, which Koa uses. */
function signedCookies(id: string): string {
  const signature = createHmac("sha1", secret).update(`koa.sess=${id}`).digest("base64url");
  return `koa.sess=${id}; koa.sess.sig=${signature}`;
}
