import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a `cookie.expires` that is set or taken away without a maximal age is stored, by `set` and by `touch`",
    bug: "the date of expiry is never compared",
    from: "(before.expires || null) === (now.expires || null)",
    to: "true",
  },
  {
    breaks: "a stored cookie hands out nothing that is a method or the prototype to express-session",
    bug: "its methods are hidden",
    from: ', "serialize", "toJSON"',
    to: "",
  },
];
