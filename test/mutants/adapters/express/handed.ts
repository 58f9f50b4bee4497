import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks:
      "`all` shows the id of each session to whoever lists, copies or prints it, and it is not stored with the session",
    bug: "the id becomes an attribute",
    from: "Object.assign(data, more);\n    const handed = { session, image: imageOf(data) }",
    to: "const handed = { session, image: imageOf(data) };\n    Object.assign(data, more)",
  },
  {
    breaks: "a stored cookie hands out nothing that is a method or the prototype to express-session",
    bug: "its methods are hidden",
    from: ', "serialize", "toJSON"',
    to: "",
  },
];
