import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 94,
    bug: "what cannot be read is no session",
    from: "const record = this.#decoded.recordOf(key, found.data);",
    to: "let record: SessionRecord;\n    try { record = this.#decoded.recordOf(key, found.data); } catch { return this.absent(key); }",
  },
  {
    breaks: 142,
    bug: "a process goes on to withhold what the schema allows again",
    from: "if (record.withheld) this.#decoded.forget(key);\n    else ",
    to: "",
  },
];
