import type { RunningCall } from "../../backend/call.ts";
import { withCancellation } from "../../backend/cancellation.ts";
import type { KeyPage, ListingSessionBackend } from "../../backend/session-backend.ts";
import { canList, type SessionHandler } from "../../handler.ts";
import { isTombstone } from "./markers.ts";

/** Lists the old store first and then the new one, so that a session that moves in the meantime is listed at least once. */
export function listBoth(from: SessionHandler, to: SessionHandler): Partial<Pick<ListingSessionBackend, "list">> {
  if (!canList(from) || !canList(to)) return {};
  return {
    async list(prefix: string, cursor: string | undefined, call: RunningCall): Promise<KeyPage> {
      const options = withCancellation({ prefix }, call);
      if (cursor?.startsWith("new:")) {
        const { ids, next } = await to.list({ ...options, cursor: cursor.slice(4) || undefined });
        return { keys: await living(to, ids), next: next === undefined ? undefined : `new:${next}` };
      }
      const { ids, next } = await from.list({ ...options, cursor: cursor?.replace(/^old:/, "") });
      return { keys: ids, next: next === undefined ? "new:" : `old:${next}` };
    },
  };
}

/** Returns the ids of sessions, leaving out those of ended sessions, of which only a mark is left. */
async function living(store: SessionHandler, ids: readonly string[]): Promise<string[]> {
  const found = await Promise.all(ids.map((id) => store.read(id)));
  return ids.filter((_, index) => found[index] !== undefined && !isTombstone(found[index].data));
}
