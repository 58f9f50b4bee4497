import { closeCodes } from "../close-codes.ts";
import { goneError, staleError } from "../failures.ts";
import type { TrackedSocket } from "../socket-group.ts";

const ended = [closeCodes.ended, "The session has ended."] as const;
const moved = [closeCodes.moved, "The session has moved to another id."] as const;

/** Closes the sockets of a session that has ended, or that was given another id in another process. */
export function closeWithSession(
  sockets: Iterable<Pick<TrackedSocket, "end">>,
  reason: "destroyed" | "gone" | "moved",
): void {
  const [code, text] = reason === "moved" ? moved : ended;
  for (const socket of [...sockets]) socket.end(code, text, goneError());
}

/** Closes the sockets of a session that cannot be confirmed: it may still exist, but cannot be used here. */
export function closeUnconfirmed(sockets: Iterable<Pick<TrackedSocket, "end">>): void {
  for (const socket of [...sockets]) {
    socket.end(closeCodes.unavailable, "The session could not be checked.", staleError());
  }
}
