import type { Response } from "memjs";
import { SessionError, type StoredSession, type Version } from "sessionwire";
import type { Call } from "sessionwire/backend";
import type { MemcachedConnection } from "./connection.ts";
import { changingNothing, refusal } from "./errors.ts";
import { statuses } from "./protocol.ts";
import { get, type MemcachedRequest } from "./requests.ts";
import { stateOf, versionOf } from "./versions.ts";

/** A change that was made, or what stands in its way. */
export type Change = { readonly reply: Response } | { readonly current: StoredSession | undefined };

/** Where a change is made. Tokens and requests must not get onto different connections: they may lead to different servers. */
export interface Place {
  readonly connection: MemcachedConnection;
  readonly key: string;
  readonly call: Call;
}

/**
 * Changes what `replaces` stands for, by requests with the CAS token. A token that came over this connection decides alone.
 * One that came over another may be that of something else, when the server was started anew in between: then what is there is
 * looked at, and changed only as long as it stays that.
 */
export async function changeExactly(
  place: Place,
  replaces: Version,
  makeRequest: (cas: Buffer) => MemcachedRequest,
): Promise<Change> {
  const { connection, call } = place;
  const wanted = stateOf(replaces);
  const isOurs = wanted.generation === connection.generation;
  let { cas } = wanted;
  for (;;) {
    if (!isOurs) {
      const current = await lookUp(place);
      const state = current && stateOf(current.version);
      if (state?.content !== wanted.content) return { current };
      cas = state.cas;
    }
    const reply = await call.send(() => connection.request(makeRequest(Buffer.from(cas, "hex"))));
    const { status } = reply.header;
    if (status === statuses.done) return { reply };
    if (status === statuses.notFound) return { current: undefined };
    if (status !== statuses.exists) throw refusal(reply);
    if (isOurs) return { current: await lookUp(place) };
  }
}

/** Creates what is absent. What is in the way may be gone when it is looked at: then it is created after all. */
export async function create({ connection, key, call }: Place, request: MemcachedRequest): Promise<Change> {
  for (;;) {
    const reply = await call.send(() => connection.request(request));
    const { status } = reply.header;
    if (status === statuses.done) return { reply };
    if (status !== statuses.exists && status !== statuses.notStored) throw refusal(reply);
    const current = await lookUp({ connection, key, call });
    if (current) return { current };
  }
}

/** The session of a reply, as a copy: memjs gives a window on all that came with it. */
export function stored({ generation }: MemcachedConnection, reply: Response): StoredSession | undefined {
  const { status, cas } = reply.header;
  if (status === statuses.notFound) return undefined;
  if (status !== statuses.done) throw refusal(reply);
  const data = new Uint8Array(reply.val);
  return { data, version: versionOf(data, generation, cas) };
}

/** Not the change itself, so it does not count as sent; and whatever it fails with, the change has not been made. */
async function lookUp({ connection, key, call }: Place): Promise<StoredSession | undefined> {
  if (call.ended) throw new SessionError("aborted", "The call has ended.", { outcome: "not-applied" });
  try {
    return stored(connection, await connection.read(get(key)));
  } catch (error) {
    throw changingNothing(error);
  }
}
