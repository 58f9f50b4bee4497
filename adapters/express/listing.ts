import { isSessionError, type ListingSessionHandler, type SessionManager } from "sessionwire";
import { callbackify } from "./callbackify.ts";
import type { ExpressStore, ListedSession } from "./express-store.ts";

type ListingMethods = Required<Pick<ExpressStore, "ids" | "all" | "length" | "clear">>;

/** Maximum number of sessions that are read or ended at the same time. */
const AT_A_TIME = 100;

/** Makes the methods of a store that walk the whole store, from functions that read and end one session. */
export function listingMethods(
  ids: () => Promise<string[]>,
  dataOf: (id: string) => Promise<ListedSession | undefined>,
  end: (id: string) => Promise<void>,
): ListingMethods {
  const all = async () => forEach(await ids(), dataOf);
  const length = async () => (await ids()).length;
  const clear = async () => void (await forEach(await ids(), end));
  return {
    ids: (callback) => callbackify(callback, ids()),
    all: (callback) => callbackify(callback, all()),
    length: (callback) => callbackify(callback, length()),
    clear: (callback) => callbackify(callback, clear()),
  };
}

/**
 * Returns the ids of all sessions, each once. All ids are held in memory, as with other stores of express-session. Ids
 * with a colon are left out: with the prefix `sess:`, they would include the keys of another application that uses
 * `sess:admin:`.
 */
export async function listIds(handler: ListingSessionHandler, { format }: SessionManager): Promise<string[]> {
  const ids = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await handler.list({ prefix: format.keyPrefix, cursor });
    for (const key of page.ids) {
      const id = format.idOf?.(key);
      if (id !== undefined && !id.includes(":") && format.isId(id)) ids.add(id);
    }
    cursor = page.next;
  } while (cursor !== undefined);
  return [...ids];
}

/**
 * Returns the result of `act` for each id, except for sessions that have ended meanwhile and values that are not
 * sessions. A warning reports the latter, because one unreadable value must not hide all other sessions.
 */
async function forEach<Result>(
  ids: readonly string[],
  act: (id: string) => Promise<Result | undefined>,
): Promise<Result[]> {
  const results: Result[] = [];
  let unreadable = 0;
  const actUnlessUnreadable = (id: string) =>
    act(id).catch((error: unknown) => {
      if (!isSessionError(error) || (error.code !== "corrupt" && error.code !== "invalid")) throw error;
      unreadable += 1;
      return undefined;
    });
  for (let start = 0; start < ids.length; start += AT_A_TIME) {
    const some = await Promise.all(ids.slice(start, start + AT_A_TIME).map(actUnlessUnreadable));
    results.push(...some.filter((result) => result !== undefined));
  }
  if (unreadable > 0) warnOf(unreadable);
  return results;
}

function warnOf(unreadable: number): void {
  const keys = unreadable === 1 ? "1 key holds" : `${unreadable} keys hold`;
  process.emitWarning(`${keys} a value that is not a session; all() and clear() ignore it.`, {
    type: "SessionwireWarning",
    code: "SESSIONWIRE_NO_SESSION",
  });
}
