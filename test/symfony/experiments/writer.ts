import { createSessionManager, isSessionError, type SessionManager } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { createRedisHandler } from "sessionwire/redis";
import { symfonyFormat, withPhpLocks } from "sessionwire/symfony";
import type { Ports } from "./php-requests.ts";
import { numberIn, type RawSessions, withNumber } from "./raw-sessions.ts";
import type { SaveHandler } from "./save-handlers.ts";

/** A program beside PHP that changes its sessions. */
export interface Writer extends AsyncDisposable {
  /** Reads the session, and returns the function that adds one to the attribute `node` and writes the session back. */
  open(id: string): Promise<() => Promise<void>>;
}

/** A program that reads and writes by the client alone. */
export function bareWriter(saveHandler: SaveHandler, sessions: RawSessions): Writer {
  return {
    async open(id) {
      const text = await sessions.read(saveHandler, id);
      return async () => {
        if (text !== undefined)
          await sessions.write(saveHandler, id, withNumber(text, "node", numberIn(text, "node") + 1));
      };
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** A program with a session manager, which takes the locks of PHP if it is told to. */
export function managerWriter(
  saveHandler: SaveHandler,
  ports: Ports,
  { isLocking }: { readonly isLocking: boolean },
): Writer {
  const sessions = openManager(saveHandler, ports, isLocking);
  return {
    async open(id) {
      const session = await sessions.open(id);
      return async () => {
        try {
          session?.update("node", (count = 0) => count + 1);
          await session?.save();
        } catch (error) {
          if (!isSessionError(error) || error.code !== "gone") throw error;
        }
      };
    },
    [Symbol.asyncDispose]: () => sessions.close(),
  };
}

function openManager(
  saveHandler: SaveHandler,
  ports: Ports,
  isLocking: boolean,
): SessionManager<{ readonly node: number }> {
  const { server, preset, lockStyle } = saveHandler;
  const address = `127.0.0.1:${ports[server]}`;
  const handler = server === "redis" ? createRedisHandler(`redis://${address}`) : createMemcachedHandler(address);
  return createSessionManager<{ readonly node: number }>({
    handler: isLocking && lockStyle ? withPhpLocks(handler, { style: lockStyle }) : handler,
    format: symfonyFormat({ preset, serializer: "php" }),
  });
}
