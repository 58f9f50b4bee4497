import { Redis } from "@upstash/redis";
import type { ListingSessionHandler, NetworkedSessionHandler } from "sessionwire";
import { createHandler, type UpstashHandlerOptions } from "./upstash/handler.ts";
import type { UpstashSource } from "./upstash/source.ts";

export type { UpstashHandlerOptions } from "./upstash/handler.ts";
export type { UpstashClient, UpstashClientOptions, UpstashCredentials, UpstashSource } from "./upstash/source.ts";

/**
 * Keeps sessions in Upstash Redis, through its REST API and `@upstash/redis`. Needs nothing but what the web has, so that it runs at
 * the edge.
 *
 * @remarks
 * - A session is one string key that holds the bytes as they are, with the key's own expiry: just what `sessionwire/redis` stores.
 *   Both can work on one database at the same time, and have the same versions.
 * - Every operation is one script call and one HTTP request. No request is sent twice. One that is given up, by the deadline or a
 *   signal, is aborted; what it was to do may still happen.
 * - Bytes from 128 on travel as two, and control characters in a write as six: this counts where Upstash limits the size of a
 *   request, which it refuses with code `too_large`.
 * - What does not answer as the scripts do (a page of a proxy, an empty answer) is a failure with code `unavailable`, never an absent
 *   session. The client does not tell the HTTP status of an answer, so that codes follow from what it says.
 * - Connections are those of `fetch`. `reconnect` sends one ping on each that may be open, and so gets rid of those that have died
 *   without a word; requests under way are left alone. Without it, each dead connection costs one call its deadline.
 * - A page of `list` is one SCAN that looks at some 100 keys of the database, whatever they are. Every string under a key with
 *   the prefix is listed, also one of another program. Keys that are not valid UTF-8 are not.
 * - Upstash drops sessions without a word when eviction is on and the database is full.
 *
 * @throws `RangeError` or `TypeError` for a source or an option that cannot be used.
 *
 * @public
 */
export function createUpstashHandler(
  source: UpstashSource,
  options: UpstashHandlerOptions = {},
): NetworkedSessionHandler & ListingSessionHandler {
  return createHandler((clientOptions) => new Redis(clientOptions), source, options);
}
