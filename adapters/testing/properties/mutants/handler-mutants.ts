import type { SessionHandler, Version } from "sessionwire";
import {
  createReferenceHandler,
  createSteppedHandler,
  type ReferenceEntry,
  type ReferenceSteps,
} from "../../reference-handler.ts";
import { createVirtualClock, type VirtualClock } from "../../virtual-clock.ts";
import type { HandlerStage } from "../handler-sequences/world.ts";
import type { Mutant } from "../kill-table.ts";

type HandlerMutant = Mutant<() => HandlerStage>;

/**
 * Returns handlers with one bug each, for `sequentialContract`. Each differs from the reference by a line or two, and
 * many bugs are those of a real store or client.
 *
 * @public
 */
export function handlerMutants(): HandlerMutant[] {
  return [...ofSteps(), ...ofCalls()];
}

const copy = (data: Uint8Array) => data.slice();
const later = (now: number, ttlSeconds: number) => now + ttlSeconds * 1000;

/** Returns handlers that differ from the reference in one step. */
function ofSteps(): HandlerMutant[] {
  return [
    stepped(3, "bytes take a detour through text", {
      copyIn: (data) => new TextEncoder().encode(new TextDecoder().decode(data)),
    }),
    stepped(3, "bytes lose their highest bit", { copyIn: (data) => data.map((byte) => byte & 0x7f) }),
    stepped(3, "line ends are unified", { copyOut: (data) => data.filter((byte) => byte !== 13) }),
    stepped(3, "data that ends with a zero is truncated", {
      copyOut: (data) => (data.at(-1) === 0 ? data.slice(0, -1) : copy(data)),
    }),
    stepped(4, "the stored bytes themselves are handed out", { copyOut: (data) => data }),
    stepped(6, "nothing expires", { isOver: () => false }),
    stepped(6, "a session lives a second too long", { isOver: (entry, now) => now >= entry.expiresAt + 1000 }),
    stepped(6, "the last instant still counts", { isOver: (entry, now) => now > entry.expiresAt }),
    stepped(7, "a session dies a second early", { isOver: (entry, now) => now >= entry.expiresAt - 1000 }),
    stepped(7, "the last instant does not count", { isOver: (entry, now) => now >= entry.expiresAt - 1 }),
    stepped(7, "the time to live overflows after 24 days", { expiresAt: (now, ttl) => now + ((ttl * 1000) | 0) }),
    stepped(7, "more than 30 days are read as a date", {
      expiresAt: (now, ttl) => (ttl > 2_592_000 ? now : later(now, ttl)),
    }),
    stepped(7, "seconds are read as milliseconds", { expiresAt: (now, ttl) => now + ttl }),
    stepped(8, "a write never shortens the time to live", () =>
      expiryByWhatWasThere((current, now, ttl) => Math.max(current?.expiresAt ?? 0, later(now, ttl))),
    ),
    stepped(8, "a write keeps the time to live of the previous one", () =>
      expiryByWhatWasThere((current, now, ttl) => current?.expiresAt ?? later(now, ttl)),
    ),
    stepped(9, "every read restarts the time to live", { afterRead: (_, now, ttl) => later(now, ttl ?? 60) }),
    stepped(9, "a read never restarts the time to live", { afterRead: (entry) => entry.expiresAt }),
    stepped(9, "a read never shortens the time to live", {
      afterRead: (entry, now, ttl) => Math.max(entry.expiresAt, later(now, ttl ?? 0)),
    }),
    stepped(10, "a refused write restarts the time to live", { afterRefusal: (_, now, ttl) => later(now, ttl) }),
    stepped(12, "a touch never shortens", {
      afterTouch: (entry, now, ttl) => Math.max(entry.expiresAt, later(now, ttl)),
    }),
    stepped(12, "a touch does nothing", { afterTouch: (entry) => entry.expiresAt }),
    stepped(14, "a touch makes a new version", {
      afterTouch: (entry, now, ttl) => {
        entry.version = `${entry.version}'` as Version;
        return later(now, ttl);
      },
    }),
    stepped(19, "a write replaces whatever is there", {
      isMeant: (entry, replaces) => (entry === undefined) === (replaces === undefined),
    }),
    stepped(19, "an older version is accepted as the current one", {
      isMeant: (entry, replaces) => entry?.version === replaces || Number(replaces) === Number(entry?.version) - 1,
    }),
    stepped(20, "a creating write replaces what is there", {
      isMeant: (entry, replaces) => replaces === undefined || entry?.version === replaces,
    }),
    stepped(23, "versions are the length of the data", { versionAfter: (_, data) => `v${data.length}` as Version }),
    stepped(23, "versions start again after a destroy", {
      versionAfter: (entry) => String(Number(entry?.version ?? 0) + 1) as Version,
    }),
    stepped(26, "ids do not differ by case", { keyOf: (id) => id.toLowerCase() }),
    stepped(26, "blanks at the end of an id do not count", { keyOf: (id) => id.trimEnd() || id }),
    stepped(26, "ids are normalised", { keyOf: (id) => id.normalize("NFKC") }),
    stepped(26, "an id ends at the first zero", { keyOf: (id) => id.split("\0")[0] ?? id }),
    stepped(26, "ids are cut after 16 characters", { keyOf: (id) => id.slice(0, 16) }),
    stepped(26, "ids are cut after 250 characters", { keyOf: (id) => id.slice(0, 250) }),
    stepped(26, "only the part of an id in braces counts", { keyOf: (id) => /^{(.*?)}/.exec(id)?.[1] ?? id }),
    stepped(26, "ids that are member names of objects are the same", { keyOf: (id) => (id in {} ? "object" : id) }),
    stepped(26, "ids become parts of a path", { keyOf: (id) => id.replaceAll(":", "/") }),
    stepped(26, "letters that look alike are the same", { keyOf: (id) => id.replaceAll("\u0430", "a") }),
    stepped(26, "only the lower byte of each unit of an id counts", {
      keyOf: (id) => Array.from({ length: id.length }, (_, at) => id.charCodeAt(at) & 0xff).join(),
    }),
    stepped(26, "characters beyond Latin-1 become a question mark", { keyOf: (id) => id.replace(/[^\0-\xff]/g, "?") }),
    stepped(26, "beyond Latin-1, ids do not differ by case", {
      keyOf: (id) => id.replace(/[^\0-\xff]/gu, (letter) => letter.toLowerCase()),
    }),
    stepped(26, "letters lose their accents", { keyOf: (id) => id.normalize("NFD").replace(/\p{Mark}/gu, "") || id }),
    stepped(26, "an id ends at its first emoji", { keyOf: (id) => id.replace(/(?<=.)[\u{10000}-\u{10ffff}].*/su, "") }),
    stepped(26, "letters lose their plane", {
      keyOf: (id) => Array.from(id, (letter) => (letter.codePointAt(0) ?? 0) & 0xffff).join(),
    }),
    stepped(26, "only the first half of an emoji counts", { keyOf: (id) => id.replace(/[\udc00-\udfff]/g, "") }),
    stepped(26, "each half of an emoji is replaced", {
      keyOf: (id) =>
        id
          .split("")
          .map((unit) => unit.toWellFormed())
          .join(""),
    }),
  ];
}

/** Returns an expiry that depends on the session that a write replaces, which the correct one does not. */
function expiryByWhatWasThere(
  expiresAt: (current: ReferenceEntry | undefined, now: number, ttlSeconds: number) => number,
): Partial<ReferenceSteps> {
  let current: ReferenceEntry | undefined;
  return {
    isMeant(entry, replaces) {
      current = entry;
      return entry?.version === replaces;
    },
    expiresAt: (now, ttlSeconds) => expiresAt(current, now, ttlSeconds),
  };
}

/** Returns handlers that differ from the reference in one call. */
function ofCalls(): HandlerMutant[] {
  const none = new Uint8Array();
  return [
    called(1, "an absent session reads as empty", (inner) => ({
      read: async (id, options) => (await inner.read(id, options)) ?? { data: none, version: "0" as Version },
    })),
    called(2, "an empty session reads as absent", (inner) => ({
      async read(id, options) {
        const found = await inner.read(id, options);
        return found?.data.length ? found : undefined;
      },
    })),
    called(2, "a replacing write keeps the old data", (inner) => ({
      write: async (id, data, options) =>
        inner.write(id, options.replaces === undefined ? data : ((await inner.read(id))?.data ?? data), options),
    })),
    called(5, "the data is copied too late", (inner) => ({
      write: async (id, data, options) => {
        await undefined;
        return inner.write(id, data, options);
      },
    })),
    called(10, "a refused write does not return the stored session", (inner) => ({
      async write(id, data, options) {
        const result = await inner.write(id, data, options);
        return result.written ? result : { written: false, current: undefined };
      },
    })),
    called(11, "an invalid time to live becomes one second", (inner) => ({
      touch: (id, ttlSeconds) => inner.touch(id, ttlSeconds >= 1 ? Math.floor(ttlSeconds) : 1),
    })),
    called(13, "a touch of an absent session returns true", (inner) => ({
      touch: async (id, ttlSeconds) => (await inner.touch(id, ttlSeconds)) || true,
    })),
    called(13, "a touch creates an absent session", (inner) => ({
      async touch(id, ttlSeconds) {
        const isThere = await inner.touch(id, ttlSeconds);
        if (!isThere) await inner.write(id, none, { replaces: undefined, ttlSeconds });
        return isThere;
      },
    })),
    called(16, "a destroy does nothing", (inner) => ({
      destroy: async (id) => ((await inner.read(id)) ? { destroyed: true } : { destroyed: false, current: undefined }),
    })),
    called(17, "a conditional destroy ends whatever is there", (inner) => ({ destroy: (id) => inner.destroy(id) })),
    called(17, "a destroy of an absent session reports that it existed", (inner) => ({
      destroy: async (id, options) => {
        const result = await inner.destroy(id, options);
        return !result.destroyed && result.current === undefined ? { destroyed: true } : result;
      },
    })),
    called(17, "a refused destroy does not return the stored session", (inner) => ({
      destroy: async (id, options) => {
        const result = await inner.destroy(id, options);
        return result.destroyed ? result : { destroyed: false, current: undefined };
      },
    })),
    called(19, "the version of another session is accepted as the current one", (inner) => {
      const ids = new Map<Version, string>();
      return {
        async write(id, data, options) {
          let result = await inner.write(id, data, options);
          const { replaces } = options;
          const isOthers = replaces !== undefined && ids.get(replaces) !== id;
          if (!result.written && result.current && isOthers) {
            result = await inner.write(id, data, { ...options, replaces: result.current.version });
          }
          if (result.written) ids.set(result.version, id);
          return result;
        },
      };
    }),
    brought(18, "a replacing write revives a destroyed session", (wasDestroyed) => wasDestroyed),
    brought(22, "a replacing write revives an expired session", (wasDestroyed) => !wasDestroyed),
    called(25, "a write that arrives twice is made twice", (inner) => {
      let last = "";
      return {
        async write(id, data, options) {
          const call = JSON.stringify([id, [...data], options]);
          const current = call === last ? await inner.read(id) : undefined;
          last = call;
          return inner.write(id, data, current ? { ...options, replaces: current.version } : options);
        },
      };
    }),
    called(24, "each read makes a new version", (inner) => {
      let reads = 0;
      return {
        async read(id, options) {
          const found = await inner.read(id, options);
          return found && { ...found, version: `${found.version} ${++reads}` as Version };
        },
      };
    }),
    called(28, "any value is converted to an id", (inner) => ({
      read: (id, options) => inner.read(String(id).slice(0, 1024).toWellFormed() || "empty", options),
    })),
  ];
}

/** Returns a mutant whose replacing write creates if it finds nothing where there has been a session. */
function brought(law: number, bug: string, isBrought: (wasDestroyed: boolean) => boolean): HandlerMutant {
  return called(law, bug, (inner) => {
    const destroyed = new Set<string>();
    return {
      async destroy(id, options) {
        const result = await inner.destroy(id, options);
        if (result.destroyed) destroyed.add(id);
        return result;
      },
      async write(id, data, options) {
        const result = await inner.write(id, data, options);
        if (result.written || result.current || !isBrought(destroyed.has(id))) return result;
        return inner.write(id, data, { ...options, replaces: undefined });
      },
    };
  });
}

function stepped(
  law: number,
  bug: string,
  changes: Partial<ReferenceSteps> | (() => Partial<ReferenceSteps>),
): HandlerMutant {
  const create = (clock: VirtualClock) =>
    createSteppedHandler(clock, typeof changes === "function" ? changes() : changes);
  return { law, bug, subject: () => stageOf(create) };
}

/** Returns a handler that makes the calls of another one differently. */
export function called(
  law: number,
  bug: string,
  methods: (inner: SessionHandler) => Partial<SessionHandler>,
): HandlerMutant {
  const create = (clock: VirtualClock) => {
    const inner = createReferenceHandler({ clock });
    return { ...inner, ...methods(inner) };
  };
  return { law, bug, subject: () => stageOf(create) };
}

function stageOf(create: (clock: VirtualClock) => SessionHandler): HandlerStage {
  const clock = createVirtualClock();
  return { handler: create(clock), advance: clock.advance };
}
