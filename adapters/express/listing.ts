import type { SessionData } from "express-session";
import type { ListingSessionHandler, SessionHandler, SessionManager } from "sessionwire";

/** At most so many sessions are read or ended at a time. */
const AT_A_TIME = 100;

export function canList(handler: SessionHandler): handler is ListingSessionHandler {
  return "list" in handler && typeof handler.list === "function";
}

/** The ids of all sessions, each once. It keeps them all in memory, as stores of express-session hand them out. */
export async function listIds(handler: ListingSessionHandler, { format }: SessionManager): Promise<string[]> {
  const ids = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await handler.list({ prefix: format.keyPrefix, cursor });
    for (const key of page.ids) {
      const id = format.idOf?.(key);
      if (id !== undefined && format.isId(id)) ids.add(id);
    }
    cursor = page.next;
  } while (cursor !== undefined);
  return [...ids];
}

/** What `act` answers for each id, but for those that have ended meanwhile. */
export async function forEach<Result>(
  ids: readonly string[],
  act: (id: string) => Promise<Result | undefined>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < ids.length; start += AT_A_TIME) {
    const some = await Promise.all(ids.slice(start, start + AT_A_TIME).map(act));
    results.push(...some.filter((result) => result !== undefined));
  }
  return results;
}

/** As connect-redis marks them; not enumerable, so that it is not stored with the session. */
export function withId(data: SessionData, id: string): SessionData {
  return Object.defineProperty(data, "id", { value: id });
}
