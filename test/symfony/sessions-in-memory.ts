import { createSessionManager, type SessionManager } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { createVirtualClock, type VirtualClock } from "sessionwire/testing";

/** Sessions in a format of PHP, whose bytes a test puts into the store and takes from it. */
export interface PhpSessions extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly sessions: SessionManager;
  /** Stores bytes under a new id. */
  store(bytes: string | Uint8Array): Promise<string>;
  /** Returns the bytes of a session as Latin-1; `undefined` if there is none. */
  bytesOf(id: string): Promise<string | undefined>;
}

/** The time at which the clock starts, in seconds. */
export const NOW: number = createVirtualClock().now() / 1000;

export function openPhpSessions(format: SessionFormat): PhpSessions {
  const clock = createVirtualClock();
  const handler = createMemoryHandler({ clock });
  const sessions = createSessionManager({ handler, format, clock });
  const keyOf = async (id: string) => format.keyOf(id);
  return {
    clock,
    sessions,
    async store(bytes) {
      const id = format.createId();
      const data = typeof bytes === "string" ? new Uint8Array(Buffer.from(bytes, "latin1")) : bytes;
      await handler.write(await keyOf(id), data, { replaces: undefined, ttlSeconds: 1440 });
      return id;
    },
    async bytesOf(id) {
      const found = await handler.read(await keyOf(id));
      return found && Buffer.from(found.data).toString("latin1");
    },
    [Symbol.asyncDispose]: () => sessions.close(),
  };
}
