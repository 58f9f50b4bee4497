import { isSessionError } from "../../errors.ts";
import type { SessionEvents } from "./session-events.ts";

/**
 * Reports a refusal to subscribers if the opening leads to no session, for the given reason, or if the store has
 * failed.
 */
export async function tellRefusal<Session>(
  events: SessionEvents,
  { reason, key }: { readonly reason: "no-session" | "bad-ticket"; readonly key?: string },
  opening: Promise<Session | undefined>,
): Promise<Session | undefined> {
  try {
    const session = await opening;
    if (session === undefined) events.refuse(reason, key);
    return session;
  } catch (error) {
    const hasLeft = isSessionError(error) && (error.code === "aborted" || error.code === "closed");
    if (!hasLeft) events.refuse("unavailable", key, error);
    throw error;
  }
}
