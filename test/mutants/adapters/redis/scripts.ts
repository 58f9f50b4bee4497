import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 41,
    bug: "a replacing write creates what is gone",
    from: "then return { current } end\nredis.call('SET'",
    to: "and current then return { current } end\nredis.call('SET'",
  },
  {
    breaks: 42,
    bug: "a replacing write brings back what was evicted",
    from: "then return { current } end\nredis.call('SET'",
    to: "and current then return { current } end\nredis.call('SET'",
  },
];
