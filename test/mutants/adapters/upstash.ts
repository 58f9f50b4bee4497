import type { QuotedMutant } from "../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 60,
    bug: "a reconnection asks nobody",
    from: "await pingConnections(requests.most, pingOnce, call.signal, clock)",
    to: "void [pingConnections, pingOnce]",
  },
  { breaks: 73, bug: "any answer is one to a ping", from: '!== "PONG"', to: "=== undefined" },
];
