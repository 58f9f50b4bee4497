import type { Response } from "memjs";
import { SessionError, type Version } from "sessionwire";
import type { Call } from "sessionwire/backend";
import type { MemcachedConnection } from "./connection.ts";
import { changingNothing, refusal } from "./errors.ts";
import { statuses } from "./protocol.ts";
import { get, type MemcachedRequest } from "./requests.ts";
import type { StoredItem } from "./values.ts";
import { stateOf, versionOf } from "./versions.ts";

/** The reply to a successful change, or the item that prevented it. */
export type Change = { readonly reply: Response } | { readonly current: StoredItem | undefined };

/**
 * The connection and key of a change. Token and request must use the same connection, because another one may lead to
 * another server.
 */
export interface KeyLocation {
  readonly connection: MemcachedConnection;
  readonly key: string;
  readonly call: Call;
}

/**
 * Changes the state that `replaces` stands for, with requests that carry the CAS token. A token that came over this
 * connection is decisive. A token from another connection may belong to another item if the server was restarted in
 * between: the current item is then compared first, and changed only while it stays the same.
 */
export async function changeExactly(
  location: KeyLocation,
  replaces: Version,
  makeRequest: (cas: Buffer) => MemcachedRequest,
): Promise<Change> {
  const { connection, call } = location;
  const wanted = stateOf(replaces);
  const isOurs = wanted.generation === connection.generation;
  let { cas } = wanted;
  for (;;) {
    if (!isOurs) {
      const current = await lookUp(location);
      const state = current && stateOf(current.version);
      if (state?.content !== wanted.content) return { current };
      cas = state.cas;
    }
    const reply = await call.send(() => connection.request(makeRequest(Buffer.from(cas, "hex"))));
    const { status } = reply.header;
    if (status === statuses.done) return { reply };
    if (status === statuses.notFound) return { current: undefined };
    if (status !== statuses.exists) throw refusal(reply);
    if (isOurs) return { current: await lookUp(location) };
  }
}

/** Creates an absent item. If an item is in the way but gone by the time it is read, the creation is tried again. */
export async function create({ connection, key, call }: KeyLocation, request: MemcachedRequest): Promise<Change> {
  for (;;) {
    const reply = await call.send(() => connection.request(request));
    const { status } = reply.header;
    if (status === statuses.done) return { reply };
    if (status !== statuses.exists && status !== statuses.notStored) throw refusal(reply);
    const current = await lookUp({ connection, key, call });
    if (current) return { current };
  }
}

/** Returns the item of a reply, as a copy: memjs returns a view of the whole chunk that was received. */
export function stored({ generation }: MemcachedConnection, reply: Response): StoredItem | undefined {
  const { status, cas } = reply.header;
  if (status === statuses.notFound) return undefined;
  if (status !== statuses.done) throw refusal(reply);
  const data = new Uint8Array(reply.val);
  const flags = reply.extras.readUInt32BE(0);
  return { data, flags, version: versionOf(data, generation, cas, flags) };
}

/**
 * Reads the current item. This is not the change itself, so it does not count as sent; if it fails, the change has
 * not been made.
 */
async function lookUp({ connection, key, call }: KeyLocation): Promise<StoredItem | undefined> {
  if (call.ended) throw new SessionError("aborted", "The call has ended.", { outcome: "not-applied" });
  try {
    return stored(connection, await connection.read(get(key)));
  } catch (error) {
    throw changingNothing(error);
  }
}
