import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 29,
    bug: "the key is written into the script",
    from: 'if (known.has(script)) return client.callBuffer("evalsha", script.sha,',
    to: 'if (script) return client.callBuffer("eval", script.source.split("KEYS[1]").join(["", key, ""].join(`"`)),',
  },
  {
    breaks: 36,
    bug: "a script that is unknown is loaded by a call that has an effect",
    from: "this.#told.set(client, known.add(script));",
    to: 'this.#told.set(client, known.add(script));\n  client.callBuffer("eval", script.source, 1, key, ...args).catch(() => {});',
  },
  {
    breaks: 41,
    bug: "a replacing write creates what is gone",
    from: "if current ~= ARGV[1] then",
    to: "if current and current ~= ARGV[1] then",
  },
  {
    breaks: 42,
    bug: "a replacing write brings back what was evicted",
    from: "if versionOf(current) ~= ARGV[1] then",
    to: "if current and versionOf(current) ~= ARGV[1] then",
  },
];
