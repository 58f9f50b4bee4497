import { SessionError, type SessionHandler, type StoredSession } from "sessionwire";
import type { HandlerStage } from "../handler-sequences/world.ts";
import type { Mutant } from "../kill-table.ts";
import { called } from "./handler-mutants.ts";

/**
 * Returns handlers that are correct as long as calls do not overlap, for `overlappingContract`.
 *
 * @public
 */
export function overlapMutants(): Mutant<() => HandlerStage>[] {
  return [
    called(21, "comparing and writing are two steps", (inner) => ({
      async write(id, data, options) {
        const current = await inner.read(id);
        if (current?.version !== options.replaces) return { written: false, current };
        await aMoment();
        return overwrite(inner, id, data, options.ttlSeconds);
      },
    })),
    called(21, "checking for absence and creating are two steps", (inner) => ({
      async write(id, data, options) {
        if (options.replaces !== undefined) return inner.write(id, data, options);
        const current = await inner.read(id);
        if (current) return { written: false, current };
        await aMoment();
        return overwrite(inner, id, data, options.ttlSeconds);
      },
    })),
    called(17, "comparing and destroying are two steps", (inner) => ({
      async destroy(id, options) {
        const current = await inner.read(id);
        if (options?.replaces !== undefined && current?.version !== options.replaces)
          return { destroyed: false, current };
        await aMoment();
        return inner.destroy(id);
      },
    })),
    called(15, "a touch reads and writes back", (inner) => ({
      async touch(id, ttlSeconds) {
        const current = await inner.read(id);
        if (!current) return false;
        await aMoment();
        await overwrite(inner, id, current.data, ttlSeconds);
        return true;
      },
    })),
    called(30, "a read remembers a session that no longer exists", (inner) => {
      const remembered = new Map<string, StoredSession | undefined>();
      return {
        async read(id) {
          if (!remembered.has(id)) remembered.set(id, await inner.read(id));
          return remembered.get(id);
        },
        async write(id, data, options) {
          remembered.delete(id);
          await aMoment();
          return inner.write(id, data, options);
        },
      };
    }),
    called(33, "an error of the client itself sometimes comes out", (inner) => {
      let calls = 0;
      return {
        async read(id) {
          if (++calls % 3 === 0) throw new TypeError("fetch failed");
          return inner.read(id);
        },
      };
    }),
    called(34, "a touch sometimes fails without stating its outcome", (inner) => {
      let calls = 0;
      return {
        async touch(id, ttlSeconds) {
          if (++calls % 2 === 0) throw new SessionError("unavailable", "The connection was lost.");
          return inner.touch(id, ttlSeconds);
        },
      };
    }),
    called(32, "every third failure is an absence", (inner) => {
      let calls = 0;
      return { read: async (id) => (++calls % 3 === 0 ? undefined : inner.read(id)) };
    }),
    called(34, "a lost reply counts as not applied", (inner) => {
      let calls = 0;
      return {
        async write(id, data, options) {
          const result = await inner.write(id, data, options);
          if (++calls % 3 !== 0 || !result.written) return result;
          throw new SessionError("unavailable", "The connection was lost.", { outcome: "not-applied" });
        },
      };
    }),
    called(36, "a call whose answer is late is sent again", (inner) => ({
      async destroy(id, options) {
        await inner.destroy(id, options);
        await aMoment();
        return inner.destroy(id, options);
      },
    })),
    called(37, "a write takes effect when nobody waits for it any more", (inner) => {
      let late: Promise<unknown> = Promise.resolve();
      return {
        async write(id, data, options) {
          const result = await inner.write(id, data, options);
          if (result.written) late = late.then(aMoment).then(() => overwrite(inner, id, data, options.ttlSeconds));
          return result;
        },
      };
    }),
  ];
}

function aMoment(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Writes unconditionally, which no handler offers and every broken one needs. */
async function overwrite(inner: SessionHandler, id: string, data: Uint8Array, ttlSeconds: number) {
  const current = await inner.read(id);
  return inner.write(id, data, { replaces: current?.version, ttlSeconds });
}
