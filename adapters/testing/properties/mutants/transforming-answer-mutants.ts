import type { StoredSession, Version } from "sessionwire";
import { decode, encode } from "./mask.ts";
import { around, coded, type TransformingMutant } from "./transforming-mutant.ts";

/** Returns mutants in which the inner handler has answered, and the caller receives something else. */
export function mutantsOfAnswers(): TransformingMutant[] {
  const named = (session: StoredSession): StoredSession => ({ ...session, version: `${session.version}'` as Version });
  return [
    around(10, "reports a conflict with the bytes of the store", (_, inner) => ({
      write: async (id, data, options) => inner.write(id, encode(data), options),
    })),
    around(10, "reports a conflict without the stored session", (outer) => ({
      async write(id, data, options) {
        const result = await outer.write(id, data, options);
        return result.written ? result : { written: false, current: undefined };
      },
    })),
    around(17, "reports a refused destroy with the bytes of the store", (outer) => ({
      async destroy(id, options) {
        const result = await outer.destroy(id, options);
        if (result.destroyed || !result.current) return result;
        return { destroyed: false, current: { ...result.current, data: encode(result.current.data) } };
      },
    })),
    around(23, "returns its own version for what it has written", (outer) => ({
      async write(id, data, options) {
        const result = await outer.write(id, data, options);
        return result.written ? { ...result, version: `${result.version}'` as Version } : result;
      },
    })),
    around(24, "returns its own version for what it has read", (outer) => ({
      async read(id, options) {
        const found = await outer.read(id, options);
        return found && named(found);
      },
    })),
    around(24, "computes a version from the data", (outer) => ({
      async read(id, options) {
        const found = await outer.read(id, options);
        return found && { ...found, version: String(found.data) as Version };
      },
    })),
    coded(38, "never answers a conflict", {
      decode: (stored, { kind }) => (kind === "write" ? new Promise(() => {}) : decode(stored)),
    }),
    around(56, "takes an empty session for none", (outer) => ({
      async read(id, options) {
        const found = await outer.read(id, options);
        return found?.data.length === 0 ? undefined : found;
      },
    })),
    around(56, "returns true for every touch", (outer) => ({
      touch: async (id, ttl, options) => (await outer.touch(id, ttl, options)) || true,
    })),
    around(112, "decodes listed ids like data", ({ list }) => ({
      list:
        list &&
        (async (options) => {
          const { ids, next } = await list(options);
          return { ids: ids.map((id) => `${id}=`), next };
        }),
    })),
    around(112, "lists no more than one page", ({ list }) => ({
      list: list && (async (options) => ({ ...(await list(options)), next: undefined })),
    })),
  ];
}
