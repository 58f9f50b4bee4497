import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 29,
    bug: "the key is written into the script",
    from: 'evalsha", script.sha',
    to: 'eval", script.source.split("KEYS[1]").join(["", key, ""].join(`"`))',
  },
  {
    breaks: 36,
    bug: "a script that is unknown is loaded by a call that has an effect",
    from: "// In",
    to: 'await connections.send(key, call, (client) => client.callBuffer("eval", script.source, 1, key, ...args));\n        // In',
  },
];
