import { isSessionError, type ListingSessionHandler, type SessionManager } from "sessionwire";

/** At most so many sessions are read or ended at a time. */
const AT_A_TIME = 100;

/**
 * The ids of all sessions, each once. It keeps them all in memory, as stores of express-session hand them out. Ids with a colon
 * are left out: behind `sess:`, the keys of another application begin with `sess:admin:`.
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
 * What `act` answers for each id, but for those that have ended meanwhile, and for what is no session. Of the latter a warning
 * tells, as one that nobody can read must not hide all others.
 */
export async function forEach<Result>(
  ids: readonly string[],
  act: (id: string) => Promise<Result | undefined>,
): Promise<Result[]> {
  const results: Result[] = [];
  let unreadable = 0;
  const actUnlessCorrupt = (id: string) =>
    act(id).catch((error: unknown) => {
      if (!isSessionError(error) || error.code !== "corrupt") throw error;
      unreadable += 1;
      return undefined;
    });
  for (let start = 0; start < ids.length; start += AT_A_TIME) {
    const some = await Promise.all(ids.slice(start, start + AT_A_TIME).map(actUnlessCorrupt));
    results.push(...some.filter((result) => result !== undefined));
  }
  if (unreadable > 0) warnOf(unreadable);
  return results;
}

function warnOf(unreadable: number): void {
  const keys = unreadable === 1 ? "1 key holds" : `${unreadable} keys hold`;
  process.emitWarning(`${keys} something that is no session; all() and clear() leave it alone.`, {
    type: "SessionwireWarning",
    code: "SESSIONWIRE_NO_SESSION",
  });
}
