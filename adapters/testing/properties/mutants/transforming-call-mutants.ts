import { SessionError, type SessionHandler, type StoredSession } from "sessionwire";
import { settled } from "../../virtual-clock.ts";
import { encode, withMask } from "./mask.ts";
import { around, coded, instead, type TransformingMutant, withOutcome } from "./transforming-mutant.ts";

/** Calls are passed on wrongly. */
export function mutantsOfCalls(): TransformingMutant[] {
  return [
    around(14, "writes the data unencoded on a touch", (outer, inner) => {
      const written = new Map<string, StoredSession>();
      return {
        write: remembering(outer, written),
        async touch(id, ttlSeconds, options) {
          const last = written.get(id);
          if (!last) return inner.touch(id, ttlSeconds, options);
          const result = await inner.write(id, last.data, { ...options, ttlSeconds, replaces: last.version });
          return result.written;
        },
      };
    }),
    coded(31, "states the limit of the store as its own", { overheadBytes: 0 }),
    around(31, "has a limit and does not enforce it", ({ maxBytes }) => ({ maxBytes: maxBytes && maxBytes - 16 })),
    around(31, "measures the encoded bytes by its own limit", (outer) => ({
      async write(id, data, options) {
        if (encode(data).length <= (outer.maxBytes ?? Number.POSITIVE_INFINITY)) return outer.write(id, data, options);
        throw new SessionError("too-large", "It is too large.", { outcome: "not-applied" });
      },
    })),
    around(34, "does not state that a write that is too large was not applied", (outer) => ({
      write: (id, data, options) => outer.write(id, data, options).catch(instead("too-large", withOutcome(undefined))),
    })),
    around(39, "continues after an abort", (outer) => ({
      read: (id, options) => outer.read(id, { ...options, signal: undefined }),
    })),
    around(39, "passes on a call that was aborted during the encoding", (_, inner) => ({
      async write(id, data, options) {
        const encoded = encode(data);
        await settled();
        return inner.write(id, encoded, options);
      },
    })),
    around(39, "answers late when it was aborted", (outer) => ({
      async read(id, options) {
        const found = await outer.read(id, options);
        await settled();
        return found;
      },
    })),
    around(39, "does not state the reason for an abort", (outer) => ({
      touch: (id, ttlSeconds, options) =>
        outer.touch(id, ttlSeconds, options).catch(
          instead("aborted", () => {
            throw new SessionError("aborted", "It was aborted.", { outcome: "unknown" });
          }),
        ),
    })),
    {
      law: 40,
      bug: "continues after the close",
      subject: { decorate: (inner) => ({ ...withMask(inner), touch: (...args) => inner.touch(...args) }) },
    },
    around(40, "closes only after the calls under way", (outer) => {
      let underWay: Promise<unknown> = Promise.resolve();
      return {
        write(id, data, options) {
          const writing = outer.write(id, data, options);
          underWay = writing.catch(() => {});
          return writing;
        },
        async close() {
          await underWay;
          await outer.close();
        },
      };
    }),
    around(54, "overwrites the cause of a conflict", (outer) => ({
      async write(id, data, options) {
        const result = await outer.write(id, data, options);
        const isOver = result.written || !result.current || options.replaces === undefined;
        return isOver ? result : outer.write(id, data, { ...options, replaces: result.current.version });
      },
    })),
    around(54, "retries failures", (outer) => ({
      destroy: (id, options) =>
        outer.destroy(id, options).catch(instead("overloaded", () => outer.destroy(id, options))),
    })),
    around(57, "loses the time to live of a read", (outer) => ({
      read: (id, options) => outer.read(id, { ...options, ttlSeconds: undefined }),
    })),
    around(57, "loses the condition of a write", (outer) => ({
      write: (id, data, options) => outer.write(id, data, { ...options, replaces: undefined }),
    })),
    around(57, "loses the condition of a destroy", (outer) => ({
      destroy: (id, options) => outer.destroy(id, { ...options, replaces: undefined }),
    })),
    around(105, "reads the stored session before it writes", (outer) => ({
      async write(id, data, options) {
        await outer.read(id);
        return outer.write(id, data, options);
      },
    })),
    around(105, "answers from its own cache", (outer) => {
      const written = new Map<string, StoredSession>();
      return {
        write: remembering(outer, written),
        async read(id, options) {
          const found = written.get(id);
          return found ? { ...found, data: found.data.slice() } : outer.read(id, options);
        },
      };
    }),
    around(106, "has lost the connection", () => ({ ping: undefined })),
    around(106, "has lost the listing", () => ({ list: undefined })),
    around(110, "closes the inner handler twice", (outer, inner) => ({
      async close() {
        await outer.close();
        await inner.close();
      },
    })),
  ];
}

/** Returns the write of this handler, which remembers what it has written. */
function remembering(handler: SessionHandler, written: Map<string, StoredSession>): SessionHandler["write"] {
  return async (id, data, options) => {
    const copy = data.slice();
    const result = await handler.write(id, data, options);
    if (result.written) written.set(id, { data: copy, version: result.version });
    return result;
  };
}
