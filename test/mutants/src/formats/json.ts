import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 81, bug: "any depth is taken", from: "0) throw notPlain(`", to: "-9) throw notPlain(`" },
  {
    breaks: 81,
    bug: "shared references are copied as often as they stand there",
    from: "copyArray(value, room",
    to: "copyArray(value, new Room(100_000)",
  },
  { breaks: 99, bug: "__proto__ in a value changes a prototype", from: 'name !== "__proto__"', to: "object" },
  {
    breaks: 81,
    bug: "an opaque value that no format knows is taken",
    from: "#format.acceptsOpaque?.(value)",
    to: "#maxBytes",
  },
  {
    breaks: 99,
    bug: "a value shown has another prototype than the one stored",
    from: "setOwn(members, name, map(value)",
    to: "members[name] = map(value",
  },
];
