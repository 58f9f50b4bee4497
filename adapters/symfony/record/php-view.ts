import type { PhpSession } from "../php-text/session.ts";
import { NodeValues } from "../values/node-values.ts";
import { NamedMembers } from "./named-members.ts";
import type { Content, SessionView } from "./php-record.ts";

/** Shows the members of `$_SESSION` as attributes. */
export function phpView(session: PhpSession, known?: Content): SessionView {
  const nodes = new NodeValues(session);
  const members = new NamedMembers(session.entries, nodes, known?.attributes);
  return {
    content: { attributes: members.values, flashes: none, metadata: none },
    isPlain: nodes.arePlain,
    edit: ({ attributes }) => members.edit(attributes),
  };
}

const none: Content["flashes"] & Content["metadata"] = new Map<string, never>();
