import type { Place } from "./place.ts";
import { numberIn, type RawSessions, withNumber } from "./raw-sessions.ts";

/** A program beside PHP that changes its sessions. */
export interface Writer extends AsyncDisposable {
  /** Reads the session, and returns the function that adds one to the attribute `node` and writes the session back. */
  open(id: string): Promise<() => Promise<void>>;
}

/** A program that reads and writes by the client alone. */
export function bareWriter(place: Place, sessions: RawSessions): Writer {
  return {
    async open(id) {
      const text = await sessions.read(place, id);
      return async () => {
        if (text !== undefined) await sessions.write(place, id, withNumber(text, "node", numberIn(text, "node") + 1));
      };
    },
    async [Symbol.asyncDispose]() {},
  };
}
