import { hash } from "node:crypto";
import type { Redis } from "ioredis";
import { SessionError } from "sessionwire";
import type { KeyPage } from "sessionwire/backend";
import { escapeGlob } from "../redis-replies/glob.ts";

/** Number of keys that the server looks at for a page. */
const LOOKED_AT = 100;

/** Runs one SCAN for the strings whose key begins with `prefix`. https://redis.io/docs/latest/commands/scan/ */
export async function scan(client: Redis, prefix: string, route: Route): Promise<KeyPage> {
  // The driver adds its own prefix to keys, but neither adds it to patterns nor removes it from replies.
  const ownPrefix = client.options.keyPrefix ?? "";
  const pattern = `${escapeGlob(ownPrefix + prefix)}*`;
  const reply = await client.callBuffer("scan", route.at, "MATCH", pattern, "COUNT", LOOKED_AT, "TYPE", "string");
  const [next, keys] = reply as [Buffer, Buffer[]]; // the reply, as documented by Redis
  return {
    keys: keys.flatMap(textOf).map((key) => key.slice(ownPrefix.length)),
    next: route.cursorFor(next.toString()),
  };
}

/** The position at which a listing continues. */
export interface Route {
  /** The name of the server. */
  readonly server: string;
  /** The cursor of this server. */
  readonly at: string;
  /** Returns the cursor for the next page, after the server has answered with `next`. */
  cursorFor(next: string): string | undefined;
}

const END = "0";

/** Returns the route through one server, or through the masters of a Cluster one after the other. */
export function routeThrough(masters: readonly string[] | undefined, cursor: string | undefined): Route {
  if (masters) return routeThroughMasters([...masters].sort(), cursor);
  return { server: "", at: cursor ?? END, cursorFor: (next) => (next === END ? undefined : next) };
}

/**
 * Returns the route through the masters. The cursor contains the index of the current master, and a digest of the set
 * of masters.
 */
function routeThroughMasters(names: readonly string[], cursor: string | undefined): Route {
  const digest = hash("sha1", names.join(), "hex");
  const [place = "0", at = END, begunWith = digest] = cursor?.split("-") ?? [];
  const server = names[Number(place)];
  if (server === undefined || begunWith !== digest) {
    throw new SessionError("failed", "The cursor does not fit the masters of the Cluster; start the listing again.");
  }
  const isLast = Number(place) === names.length - 1;
  return {
    server,
    at,
    cursorFor(next) {
      if (next !== END) return [place, next, digest].join("-");
      return isLast ? undefined : [Number(place) + 1, 0, digest].join("-");
    },
  };
}

/** Skips a key that is not valid UTF-8: decoding changes its bytes, so it belongs to no id. */
function textOf(key: Buffer): string[] {
  const text = key.toString();
  return Buffer.from(text).equals(key) ? [text] : [];
}
