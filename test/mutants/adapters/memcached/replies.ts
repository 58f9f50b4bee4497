import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 35,
    bug: "text that is no reply is told",
    from: "'The Memcached server does not speak the binary protocol (\"-B ascii\"?).'",
    to: "text",
  },
];
