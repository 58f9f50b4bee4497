import type { QuotedMutant } from "../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 1,
    bug: "an absent session reads as an empty one",
    from: "undefined;\n      ",
    to: "{ data: noData, version: nextVersion() };\n      ",
  },
  {
    breaks: 2,
    bug: "a replacing write keeps the old data",
    from: "    entry.data = data;",
    to: "    if (entry.data === noData) entry.data = data;",
  },
  { breaks: 4, bug: "the stored bytes themselves are handed out", from: ": data.slice()", to: "" },
  { breaks: 6, bug: "a session lives a second too long", from: "entry.expiresAt;", to: "entry.expiresAt + 1000;" },
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
    from: "expiry(ttlSeconds);\n    return",
    to: "Math.max(entry.expiresAt % Infinity || 0, expiry(ttlSeconds));\n    return",
  },
  {
    breaks: 9,
    bug: "every read restarts the time to live",
    from: "if (ttlSeconds !== undefined) entry.expiresAt = expiry(ttlSeconds",
    to: "entry.expiresAt = expiry(ttlSeconds ?? 60",
  },
  {
    breaks: 10,
    bug: "a refused write restarts the time to live",
    from: "if (entry?",
    to: "if (entry && entry.version !== replaces) entry.expiresAt = expiry(ttlSeconds);\n      if (entry?",
  },
  { breaks: 10, bug: "a refused write does not say what is there", from: "entry && stored(entry)", to: "undefined" },
  {
    breaks: 12,
    bug: "a touch never shortens",
    from: "entry) entry.expiresAt = expiry(ttlSeconds",
    to: "entry) entry.expiresAt = Math.max(entry.expiresAt, expiry(ttlSeconds)",
  },
  { breaks: 13, bug: "a touch of what is absent is true", from: "entry !== undefined", to: "true" },
  {
    breaks: 13,
    bug: "a touch creates what is absent",
    from: ";\n      if (entry)",
    to: " ?? insert(key);\n      if (entry)",
  },
  {
    breaks: 14,
    bug: "a touch makes a new version",
    from: "entry) entry.expiresAt = expiry(",
    to: "entry) put(entry, entry.data, ",
  },
  {
    breaks: 15,
    bug: "a touch reads and writes back",
    from: "touch(key, ttlSeconds) {\n      const entry = use(key);\n      if (entry) entry.expiresAt = expiry(",
    to: "async touch(key, ttlSeconds) {\n      const { entry, data } = await { entry: use(key), data: use(key)?.data };\n      if (entry && data) put(entry, data, ",
  },
  {
    breaks: 16,
    bug: "a destroy only shortens the time to live",
    from: ";\n      remove(entry",
    to: ";\n      entry.expiresAt = expiry(1",
  },
  {
    breaks: 17,
    bug: "a conditional destroy destroys whatever is there",
    from: "      if (replaces !== undefined && entry.version !== replaces) return { destroyed: false, current: stored(entry) };\n",
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
    from: "entry?.version",
    to: "entry && entry.version",
  },
  {
    breaks: 19,
    bug: "a replacing write replaces anything",
    from: "entry?.version !== replaces",
    to: "(entry === undefined) !== (replaces === undefined)",
  },
  {
    breaks: 20,
    bug: "a creating write replaces what is there",
    from: "if (entry?",
    to: "if (replaces !== undefined && entry?",
  },
  {
    breaks: 21,
    bug: "comparing and writing are two steps",
    from: "write(key, data, { replaces, ttlSeconds }) {\n      const entry = use(key);\n      if (entry?.version !== replaces) return { written: false, current: entry && stored(entry) }",
    to: "async write(key, data, { replaces, ttlSeconds }) {\n      const entry = use(key);\n      if (entry?.version !== replaces) return { written: false, current: entry && stored(entry) };\n      await undefined",
  },
  {
    breaks: 22,
    bug: "an expired session can still be replaced",
    from: "entry.expiresAt;",
    to: "entry.expiresAt + 500;",
  },
  { breaks: 23, bug: "versions repeat", from: "    count += 1;", to: "    count = (count + 1) % 4;" },
  {
    breaks: 24,
    bug: "every read makes a new version",
    from: "return stored",
    to: "entry.version = nextVersion();\n      return stored",
  },
  {
    breaks: 25,
    bug: "a repeated write is accepted when the data is what is there already",
    from: ") return { written",
    to: " && String(entry?.data) !== String(data)) return { written",
  },
  {
    breaks: 44,
    bug: "all answers share one buffer",
    from: "data.slice(), version };",
    to: "Object.assign(scratch, [...data]).subarray(0, data.length), version };\n} const scratch = new Uint8Array(2_000_000); function unused() {",
  },
  {
    breaks: "any interleaving on a lossy network is linearizable",
    bug: "comparing and writing are two steps, with time between them",
    from: `    write(key, data, { replaces, ttlSeconds }) {
      const entry = use(key);
      if (entry?.version !== replaces) return { written: false, current: entry && stored(entry) };
`,
    to: `    async write(key, data, { replaces, ttlSeconds }) {
      const entry = use(key);
      if (entry?.version !== replaces) return { written: false, current: entry && stored(entry) };
      await new Promise<void>((done) => void clock.schedule(done, 1));
`,
  },
];
