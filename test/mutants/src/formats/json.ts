import type { QuotedMutant } from "../../quoted.ts";

const ofJson = "JSON is refused where a name stands twice, however it is written";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 81, bug: "any depth is taken", from: "0) throw notPlain(`", to: "-9) throw notPlain(`" },
  {
    breaks: 81,
    bug: "shared references are copied as often as they stand there",
    from: "copyArray(value, room",
    to: "copyArray(value, new Room(100_000)",
  },
  {
    breaks: 84,
    bug: "a change in place throws without a word on what to do instead",
    from: "new Proxy(Object.freeze(frozen) as object, refuseChanges) as Json",
    to: "Object.freeze(frozen)",
  },
  { breaks: 84, bug: "only the outermost level is read-only", from: "value.map(readOnly)", to: "[...value]" },
  {
    breaks: ofJson,
    bug: "a name that stands twice is taken within a list",
    from: "!hasMembers(text, census.members)",
    to: "!Array.isArray(value) && !hasMembers(text, census.members)",
  },
  { breaks: 99, bug: "__proto__ in a value changes a prototype", from: 'name !== "__proto__"', to: "object" },
  {
    breaks: 99,
    bug: "a value shown has another prototype than the one stored",
    from: "setOwn(members, name, map(value)",
    to: "members[name] = map(value",
  },
];
