import { createHmac } from "node:crypto";
import type { RequestListener } from "node:http";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { storeJson, totalOfJson } from "../sessions/stored.ts";
import { kilobyte } from "../tools/content.ts";

/**
 * A server under measurement: it answers `/read` with the count in the session, and `/change` with the incremented
 * count, which it has stored.
 */
export interface Site {
  readonly listener: RequestListener;
  /** The cookies, one per session. */
  readonly cookies: readonly string[];
  /** Returns the sum of the stored counts. */
  total(): Promise<number>;
}

export interface SiteOptions {
  readonly url: string;
  readonly sessions: number;
  /** The prefix of the ids in the keys of this site. */
  readonly prefix: string;
}

export type OpenSite = (options: SiteOptions) => Promise<Site>;

export const secret = "of this bench alone, and long enough";

/** Returns a site without sessions: the difference of the others from it is the cost of their sessions. */
export function bareSite(listener: RequestListener): Site {
  return { listener, cookies: ["none=none"], total: async () => 0 };
}

/** Returns a site whose sessions are JSON, and are stored here. */
export async function jsonSite(
  { url, sessions, prefix }: SiteOptions,
  listener: RequestListener,
  cookieOf: (id: string) => string = signedCookie,
): Promise<Site> {
  const raw = new Redis(url);
  const ids = await storeJson(raw, prefix, { sessions, bytes: kilobyte });
  const total = () => totalOfJson(raw, prefix, ids);
  return { listener, cookies: ids.map(cookieOf), total };
}

/** Connects a client of node-redis. If its connection fails, its calls reject. */
export function connectNodeRedis(url: string): Promise<unknown> {
  return createClient({ url })
    .on("error", () => {})
    .connect();
}

/** Returns the cookie of express-session, and that of \@fastify/session with its prefix. */
function signedCookie(id: string): string {
  const signature = createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "");
  return `connect.sid=${encodeURIComponent(`s:${id}.${signature}`)}`;
}
