import { hash } from "node:crypto";
import { type KeyPage, SessionError } from "sessionwire";
import type { RedisClient } from "./source.ts";

/** How many keys the server looks at for a page. */
const LOOKED_AT = 100;

/** One SCAN, for the strings whose key begins with `prefix`. https://redis.io/docs/latest/commands/scan/ */
export async function scan(client: RedisClient, prefix: string, cursor: string | undefined): Promise<KeyPage> {
  // The driver puts its own prefix before keys, but neither before patterns nor does it take it off replies.
  const ownPrefix = client.options.keyPrefix ?? "";
  const pattern = `${escapeGlob(ownPrefix + prefix)}*`;
  const route = "nodes" in client ? throughMasters(client, cursor) : through(client, cursor);
  const reply = await route.server.callBuffer("scan", route.at, "MATCH", pattern, "COUNT", LOOKED_AT, "TYPE", "string");
  const [next, keys] = reply as [Buffer, Buffer[]]; // the reply as Redis documents it
  return {
    keys: keys.flatMap(textOf).map((key) => key.slice(ownPrefix.length)),
    next: route.cursorFor(next.toString()),
  };
}

/** Where a listing goes on. */
interface Route {
  readonly server: Pick<RedisClient, "callBuffer">;
  /** The cursor that this server knows. */
  readonly at: string;
  /** The cursor for the page after this one, when the server has answered with `next`. */
  cursorFor(next: string): string | undefined;
}

const END = "0";

function through(server: Route["server"], cursor = "0"): Route {
  return { server, at: cursor, cursorFor: (next) => (next === END ? undefined : next) };
}

/** Through one master after the other. The cursor says which it has come to, and by a digest of which ones. */
function throughMasters(cluster: Extract<RedisClient, { nodes: unknown }>, cursor: string | undefined): Route {
  const masters = new Map(cluster.nodes("master").map((node) => [`${node.options.host}:${node.options.port}`, node]));
  const names = [...masters.keys()].sort();
  const digest = hash("sha1", names.join(), "hex");
  const [place = "0", at = "0", begunWith = digest] = cursor?.split("-") ?? [];
  const server = masters.get(names[Number(place)] ?? "");
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

/** The pattern that matches this text only. https://redis.io/docs/latest/commands/keys/ */
function escapeGlob(text: string): string {
  return text.replace(/[*?[\]\\]/g, "\\$&");
}

/** A key that is not valid UTF-8 comes back from the text as other bytes, and is the key of no id. */
function textOf(key: Buffer): string[] {
  const text = key.toString();
  return Buffer.from(text).equals(key) ? [text] : [];
}
