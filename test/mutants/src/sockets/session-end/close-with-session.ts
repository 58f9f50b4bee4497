import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "all sockets of a session close",
    bug: "one socket of a session that has ended stays open",
    from: "for (const socket of [...sockets]) socket.end(code, text, goneError());",
    to: "for (const socket of [...sockets].slice(1)) socket.end(code, text, goneError());",
  },
  {
    breaks: "a socket whose session nobody can look at",
    bug: "what nobody can look at stays open",
    from: 'socket.end(closeCodes.unavailable, "The session could not be checked.", staleError());',
    to: "staleError();",
  },
];
