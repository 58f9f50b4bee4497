import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 1,
    bug: "an absent session reads as an empty one",
    from: "return undefined;\n      ",
    to: "return { data: new Uint8Array(), version: versionNumbered(0) };\n      ",
  },
  {
    breaks: 2,
    bug: "a replacing write keeps the old data",
    from: "    sessions.replaceData(slot, data);\n",
    to: "",
  },
  { breaks: 6, bug: "a session lives a second too long", from: "EXPIRES_AT);", to: "EXPIRES_AT) + 1000;" },
  { breaks: 7, bug: "a session dies early", from: "ttlSeconds * 1000", to: "ttlSeconds * 980" },
  {
    breaks: 7,
    bug: "the time to live overflows after 24 days",
    from: "ttlSeconds * 1000",
    to: "((ttlSeconds * 1000) | 0)",
  },
  {
    breaks: 8,
    bug: "a write never shortens the time to live",
    from: "EXPIRES_AT, now + ttlSeconds * 1000",
    to: "EXPIRES_AT, Math.max(sessions.slots.getNumber(slot, EXPIRES_AT), now + ttlSeconds * 1000)",
  },
  {
    breaks: 9,
    bug: "every read restarts the time to live",
    from: "if (ttlSeconds !== undefined) expireAt(slot, now, ttlSeconds",
    to: "expireAt(slot, now, ttlSeconds ?? 60",
  },
  {
    breaks: 10,
    bug: "a refused write restarts the time to live",
    from: "if (versionOf(slot) !== replaces) return",
    to: "if (slot && versionOf(slot) !== replaces) expireAt(slot, now, ttlSeconds);\n      if (versionOf(slot) !== replaces) return",
  },
  {
    breaks: 10,
    bug: "a refused write does not say what is there",
    from: "false, current: current(slot) };\n      const",
    to: "false, current: undefined };\n      const",
  },
  {
    breaks: 12,
    bug: "a touch never shortens",
    from: "if (slot !== NONE) expireAt(",
    to: "if (slot !== NONE && sessions.slots.getNumber(slot, EXPIRES_AT) < now + ttlSeconds * 1000) expireAt(",
  },
  { breaks: 13, bug: "a touch of what is absent is true", from: "return slot !== NONE;", to: "return true;" },
  {
    breaks: 13,
    bug: "a touch creates what is absent",
    from: "const slot = use(key, now);\n      if (slot !== NONE) ",
    to: "const slot = use(key, now) || insert(key, new Uint8Array());\n      if (nextVersion(slot)) ",
  },
  {
    breaks: 14,
    bug: "a touch makes a new version",
    from: "if (slot !== NONE) expireAt(",
    to: "if (slot !== NONE && nextVersion(slot)) expireAt(",
  },
  {
    breaks: 15,
    bug: "a touch reads and writes back",
    from: "touch(key, ttlSeconds) {\n      const now = clock.monotonic();\n      const slot = use(key, now);\n      if (slot !== NONE) expireAt(",
    to: "async touch(key, ttlSeconds) {\n      const now = clock.monotonic();\n      const { slot, data } = await { slot: use(key, now), data: current(use(key, now))?.data };\n      if (data && nextVersion(slot) && (sessions.replaceData(slot, data), true)) expireAt(",
  },
  {
    breaks: 16,
    bug: "a destroy only shortens the time to live",
    from: "remove(slot);\n      return { d",
    to: "expireAt(slot, clock.monotonic(), 1);\n      return { d",
  },
  {
    breaks: 17,
    bug: "a conditional destroy destroys whatever is there",
    from: "      if (replaces !== undefined && versionOf(slot) !== replaces) return { destroyed: false, current: current(slot) };\n",
    to: "",
  },
  {
    breaks: 17,
    bug: "a second destroy rejects",
    from: "return { destroyed: false, current: undefined }",
    to: 'throw new Error("none")',
  },
  {
    breaks: 18,
    bug: "a replacing write brings back what was destroyed",
    from: "if (versionOf(slot) !== replaces) return",
    to: "if (slot !== NONE && versionOf(slot) !== replaces) return",
  },
  {
    breaks: 19,
    bug: "a replacing write replaces anything",
    from: "if (versionOf(slot) !== replaces) return",
    to: "if ((slot === NONE) !== (replaces === undefined)) return",
  },
  {
    breaks: 20,
    bug: "a creating write replaces what is there",
    from: "if (versionOf(slot) !== replaces) return",
    to: "if (replaces !== undefined && versionOf(slot) !== replaces) return",
  },
  {
    breaks: 21,
    bug: "comparing and writing are two steps",
    from: "write(key, data, { replaces, ttlSeconds }) {\n      const now = clock.monotonic();\n      const slot = use(key, now);\n      if (versionOf(slot) !== replaces) return { written: false, current: current(slot) }",
    to: "async write(key, data, { replaces, ttlSeconds }) {\n      const now = clock.monotonic();\n      const slot = use(key, now);\n      if (versionOf(slot) !== replaces) return { written: false, current: current(slot) };\n      await undefined",
  },
  {
    breaks: 22,
    bug: "an expired session can still be replaced",
    from: "EXPIRES_AT);",
    to: "EXPIRES_AT) + 500;",
  },
  { breaks: 23, bug: "versions repeat", from: "    writes += 1;", to: "    writes = (writes + 1) % 4;" },
  {
    breaks: 24,
    bug: "every read makes a new version",
    from: "return stored(slot);\n    }",
    to: "nextVersion(slot);\n      return stored(slot);\n    }",
  },
  {
    breaks: 25,
    bug: "a repeated write is accepted when the data is what is there already",
    from: "if (versionOf(slot) !== replaces) return",
    to: "if (versionOf(slot) !== replaces && String(current(slot)?.data) !== String(data)) return",
  },
  {
    breaks: "any interleaving on a lossy network is linearizable",
    bug: "comparing and writing are two steps, with time between them",
    from: `    write(key, data, { replaces, ttlSeconds }) {
      const now = clock.monotonic();
      const slot = use(key, now);
      if (versionOf(slot) !== replaces) return { written: false, current: current(slot) };
`,
    to: `    async write(key, data, { replaces, ttlSeconds }) {
      const now = clock.monotonic();
      const slot = use(key, now);
      if (versionOf(slot) !== replaces) return { written: false, current: current(slot) };
      await new Promise<void>((done) => void clock.schedule(done, 1));
`,
  },
];
