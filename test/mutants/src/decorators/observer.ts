import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 136,
    bug: "an observer hears nothing of reconnections",
    from: 'observation.watch(callOf("reconnect", undefined, connection), next)',
    to: "next()",
  },
  {
    breaks: 138,
    bug: "hashes are made without the secret of the channel",
    from: "createKeyHash(secret)",
    to: "createKeyHash()",
  },
];
