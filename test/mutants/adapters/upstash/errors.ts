import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 33,
    bug: "an error of the store has one code, whatever its word",
    from: 'reply.code, said, head, "not-applied"',
    to: '"failed", said, head, "not-applied"',
  },
  {
    breaks: 34,
    bug: "a page of a gateway counts as a refusal",
    from: "message, { cause",
    to: 'message, { cause, outcome: "not-applied"',
  },
  {
    breaks: 34,
    bug: "a connection that was cut counts as never opened",
    from: '["ECONNREFUSED",',
    to: '["ECONNREFUSED", "ECONNRESET", "UND_ERR_SOCKET",',
  },
  {
    breaks: 35,
    bug: "what the server says is told as it is",
    from: "safeCause({ message: said }, knownWords",
    to: "new Error(said",
  },
  {
    breaks: 35,
    bug: "only what stands in quotes is left out",
    from: "safeCause({ message: said }, knownWords",
    to: "new Error(said.replace(/(['\"`]).*\\1/s, '')",
  },
];
