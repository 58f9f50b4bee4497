import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 15,
    bug: "a touch reads and writes back",
    from: "touch(key, ttlSeconds) {\n      const now = clock.monotonic();\n      const slot = sessions.use(key, now);\n      if (slot !== NONE) sessions.expireAt(",
    to: "async touch(key, ttlSeconds) {\n      const now = clock.monotonic();\n      const { slot, data } = await { slot: sessions.use(key, now), data: current(sessions.use(key, now))?.data };\n      if (data && (sessions.setWrite(sessions.put(slot, key, data), versions.next()), true)) sessions.expireAt(",
  },
  {
    breaks: 16,
    bug: "a destroy only shortens the time to live",
    from: "sessions.remove(slot);\n      return { d",
    to: "sessions.expireAt(slot, clock.monotonic(), 1);\n      return { d",
  },
  {
    breaks: 17,
    bug: "a second destroy rejects",
    from: "return { destroyed: false, current: undefined }",
    to: 'throw new Error("none")',
  },
  {
    breaks: 21,
    bug: "comparing and writing are two steps",
    from: "write(key, data, { replaces, ttlSeconds }) {\n      const now = clock.monotonic();\n      const slot = sessions.use(key, now);\n      if (versionOf(slot) !== replaces) return { written: false, current: current(slot) }",
    to: "async write(key, data, { replaces, ttlSeconds }) {\n      const now = clock.monotonic();\n      const slot = sessions.use(key, now);\n      if (versionOf(slot) !== replaces) return { written: false, current: current(slot) };\n      await undefined",
  },
  { breaks: 23, bug: "versions repeat", from: "this.#writes += 1;", to: "this.#writes = (this.#writes + 1) % 4;" },
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
      const slot = sessions.use(key, now);
      if (versionOf(slot) !== replaces) return { written: false, current: current(slot) };
`,
    to: `    async write(key, data, { replaces, ttlSeconds }) {
      const now = clock.monotonic();
      const slot = sessions.use(key, now);
      if (versionOf(slot) !== replaces) return { written: false, current: current(slot) };
      await new Promise<void>((done) => void clock.schedule(done, 1));
`,
  },
];
