import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a page may connect from an allowed origin",
    bug: "nobody asks for the origin",
    from: 'if (!this.request.isOriginChecked && !(await isAllowed(this.request))) throw new Refusal("origin");',
    to: "",
  },
  {
    breaks: "an authorization that says nothing",
    bug: "whatever does not forbid a socket allows it",
    from: "(await authorize(session, this.request.raw)) !== true",
    to: "(await authorize(session, this.request.raw)) === false",
  },
  {
    breaks: "a session that ends while it is authorized",
    bug: "nobody looks at a session after it was authorized",
    from: "    await this.#open(false);\n",
    to: "",
  },
];
