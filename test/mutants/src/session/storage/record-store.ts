import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 92,
    bug: "a save after the lifetime is a success",
    from: "isDone && this.times.secondsLeft(replaced.record) > 0",
    to: "snapshot.stored === undefined",
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
    from: "const record = this.format.decode(data);",
    to: "let record: SessionRecord;\n    try { record = this.format.decode(data); } catch { record = this.create(); }",
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
  {
    breaks: 142,
    bug: "changes that are made again after a conflict are not checked",
    from: "const checked = this.typed ?",
    to: 'const isAgain = Reflect.get(this, "last") === key;\n    Reflect.set(this, "last", key);\n    const checked = this.typed && !isAgain ?',
  },
  {
    breaks: 142,
    bug: "attributes that are not shown are erased by any save",
    from: "this.typed ? asStored(checked) : checked, now",
    to: "checked, now",
  },
  {
    breaks: 143,
    bug: "what has ended stays stored",
    from: "const living = record.attributeEnds ? withoutEnded(record, now) : record;",
    to: "const living = record;",
  },
];
