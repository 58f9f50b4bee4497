import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 84,
    bug: "a change deep within is not seen",
    from: "!isWrittenAs(object[name as never], json[name] as Json)",
    to: "typeof object[name as never] !== typeof json[name]",
  },
  {
    breaks: "what JSON makes of a member decides whether it has changed, be it a date, of a class, or in another order",
    bug: "the order of members is not looked at",
    from: "name !== names[index] || ",
    to: "",
  },
];
