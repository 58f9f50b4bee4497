import { hash } from "node:crypto";
import type { Redis } from "ioredis";
import { SessionError } from "sessionwire";
import type { KeyPage } from "sessionwire/backend";
import { escapeGlob } from "../redis-replies/glob.ts";

/** How many keys the server looks at for a page. */
const LOOKED_AT = 100;

/** One SCAN, for the strings whose key begins with `prefix`. https://redis.io/docs/latest/commands/scan/ */
export async function scan(client: Redis, prefix: string, route: Route): Promise<KeyPage> {
  // The driver puts its own prefix before keys, but neither before patterns nor does it take it off replies.
  const ownPrefix = client.options.keyPrefix ?? "";
  const pattern = `${escapeGlob(ownPrefix + prefix)}*`;
  const reply = await client.callBuffer("scan", route.at, "MATCH", pattern, "COUNT", LOOKED_AT, "TYPE", "string");
  const [next, keys] = reply as [Buffer, Buffer[]]; // the reply as Redis documents it
  return {
    keys: keys.flatMap(textOf).map((key) => key.slice(ownPrefix.length)),
    next: route.cursorFor(next.toString()),
  };
}

/** Where a listing goes on. */
export interface Route {
  /** The name of the server. */
  readonly server: string;
  /** The cursor that this server knows. */
  readonly at: string;
  /** The cursor for the page after this one, when the server has answered with `next`. */
  cursorFor(next: string): string | undefined;
}

const END = "0";

/** The way through one server, or through one master of a Cluster after the other. */
export function routeThrough(masters: readonly string[] | undefined, cursor: string | undefined): Route {
  if (masters) return routeThroughMasters([...masters].sort(), cursor);
  return { server: "", at: cursor ?? END, cursorFor: (next) => (next === END ? undefined : next) };
}

/** The cursor says which master it has come to, and by a digest of which ones. */
function routeThroughMasters(names: readonly string[], cursor: string | undefined): Route {
  const digest = hash("sha1", names.join(), "hex");
  const [place = "0", at = END, begunWith = digest] = cursor?.split("-") ?? [];
  const server = names[Number(place)];
  if (server === undefined || begunWith !== digest) {
    throw new SessionError(
      "failed",
      "The cursor does not fit the masters of the Cluster; the listing has to begin anew.",
    );
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

/** A key that is not valid UTF-8 comes back from the text as other bytes, and is the key of no id. */
function textOf(key: Buffer): string[] {
  const text = key.toString();
  return Buffer.from(text).equals(key) ? [text] : [];
}
