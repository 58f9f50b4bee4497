import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "pings, reconnections and names of connections are those of the inner handler",
    bug: "a connection is named by the id and not by the key",
    from: "inner, keyOf(id))",
    to: "inner, id)",
  },
  { breaks: 26, bug: "a touch is passed on under the id", from: "inner.touch(key", to: "inner.touch(id" },
  { breaks: 106, bug: "the limit of the handler inside is lost", from: "=== undefined", to: "!== 0" },
  { breaks: 110, bug: "close passes through each time", from: "??= closeAll", to: "= closeAll" },
  {
    breaks: "a decorated handler can ping, reconnect, name connections and list exactly if the inner one can",
    bug: "every decorated handler claims to list",
    from: "!list || ",
    to: "",
  },
  {
    breaks: "a decorated handler can ping, reconnect, name connections and list exactly if the inner one can",
    bug: "the keys of others are listed as ids",
    from: " || hooks.key",
    to: "",
  },
  {
    breaks: "a listing is passed on once with its prefix and its cursor, and its page is returned unchanged",
    bug: "the options are lost on the way",
    from: "inner, passed))",
    to: "inner, passed?.cancellation && {}))",
  },
  {
    breaks: "wrong arguments are refused before a check is made",
    bug: "a decorator leaves the arguments to the handler inside",
    from: "        checkList(options);\n",
    to: "",
  },
];
