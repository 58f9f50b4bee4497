import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 114,
    bug: "only the subscriber that came first hears",
    from: "for (const subscription of subscriptions) {",
    to: "for (const subscription of [...subscriptions].slice(0, 1)) {",
  },
  {
    breaks: 115,
    bug: "a subscription is in force a moment later, and reports no gap",
    from: "if (!isClosed) subscriptions.add(subscription);",
    to: "setTimeout(() => subscriptions.add(subscription));",
  },
  {
    breaks: 116,
    bug: "publishing on a closed channel throws",
    from: "if (isClosed) return;",
    to: 'if (isClosed) throw new Error("closed");',
  },
  {
    breaks: 117,
    bug: "a listener that has subscribed twice hears once",
    from: "const subscription =",
    to: "const subscription = [...subscriptions].find((each) => each.listener === listener) ??",
  },
  {
    breaks: 118,
    bug: "whoever has left still hears what was under way",
    from: "if (!subscriptions.has(subscription)) return;",
    to: "",
  },
  {
    breaks: 119,
    bug: "a second close rejects",
    from: "isClosed = true;",
    to: 'if (isClosed) throw new Error("closed");\n      isClosed = true;',
  },
];
