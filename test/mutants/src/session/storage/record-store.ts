import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 92,
    bug: "a save after the lifetime is a success",
    from: "isDone && this.times.secondsLeft(replaced.record) > 0",
    to: "snapshot.stored === undefined",
  },
  {
    breaks: 92,
    bug: "what may still be created is ended only once",
    from: "!this.#creations.has(key)) return ended",
    to: "this.#creations !== undefined) return ended",
  },
  {
    breaks: 92,
    bug: "what was ended once, and not once more, is as it was",
    from: 'replaceOutcome(error, "unknown"); // what was there has ended',
    to: "error;",
  },
  {
    breaks: 94,
    bug: "a read that fails finds no session",
    from: "{ ttlSeconds, signal }).then((found) => {",
    to: "{ ttlSeconds, signal }).catch(() => undefined).then((found) => {",
  },
  {
    breaks: 94,
    bug: "what cannot be read is an empty session",
    from: "(data) => format.decode(data)",
    to: "(data) => { try { return format.decode(data); } catch { return format.create(clock.now()); } }",
  },
  {
    breaks: 97,
    bug: "the forward of another one is taken for the own",
    from: "?.key === forward.key",
    to: " !== undefined",
  },
  {
    breaks: 101,
    bug: "a refused write is forced",
    from: ") return this.#refused(key, result.current)",
    to: " && result.current)\n          return this.write(key, record, new StoredRecord(record, result.current))",
  },
  {
    breaks: 124,
    bug: "what is read is not told to who keeps the lists",
    from: "return this.users ? this.#seenByUsers(this.users, key, snapshot, keepAlive) : snapshot;",
    to: "return snapshot;",
  },
];
