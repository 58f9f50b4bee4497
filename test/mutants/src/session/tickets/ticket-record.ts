import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 129,
    bug: "the key of a ticket is the ticket",
    from: 'toBase64Url(digest("key", namespace, ticket))',
    to: "ticket",
  },
  {
    breaks: 129,
    bug: "the id stands in the record for everybody to read",
    from: "byte ^ (stream[index] ?? 0)",
    to: "byte",
  },
  {
    breaks: 129,
    bug: "all tickets hide the id in the same way",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it stands so in the source
    from: "digest(`id ${block}`, namespace, ticket)",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it stands so in the source
    to: "digest(`id ${block}`, namespace, namespace)",
  },
  {
    breaks: 129,
    bug: "a ticket stands among the sessions",
    from: 'TICKET_PREFIX + toBase64Url(digest("key", namespace, ticket))',
    to: 'namespace + toBase64Url(digest("key", namespace, ticket))',
  },
];
