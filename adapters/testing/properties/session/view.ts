import type { Session } from "sessionwire";
import { holds } from "../contract.ts";
import { listOf, Refusal, type SessionChange, type SessionView } from "./ledger-entries.ts";

/** Functions append to both in one set of changes, so that half a set is detected. */
export const lists: readonly string[] = ["list", "twin"];

/** Checks that every set of changes is present as a whole. */
export function checkWhole(session: Session): void {
  const [list = [], twin = []] = lists.map((name) => listOf(session.get(name)));
  holds(91, list.join() === twin.join(), `Half a set of changes is present: ${list} and ${twin}`);
}

/** Returns the content of a session in a story. */
export function viewOf(session: Session): SessionView {
  return {
    attributes: new Map(session.names().flatMap((name) => (lists.includes(name) ? [] : [[name, session.get(name)]]))),
    list: listOf(session.get("list")),
    messages: session.flash.peek("message") as string[], // only texts are added
  };
}

/** Returns true if a session shows an unsaved change of its own. */
export function isShown(
  { kind, name, tag, seen }: SessionChange,
  view: SessionView,
  own: readonly SessionChange[],
): boolean {
  switch (kind) {
    case "set":
    case "delete":
      if (own.findLast((change) => change.name === name)?.tag !== tag) return true;
      return view.attributes.get(name) === (kind === "set" ? tag : undefined);
    case "append":
      return view.list.includes(tag);
    case "add":
      return view.messages.includes(tag) || own.some((change) => change.seen.includes(tag));
    case "take":
      return !seen.some((message) => view.messages.includes(message));
  }
}

/** Appends a tag, unless the list is longer than the given length. */
export function append(value: unknown, tag: string, seen?: number): string[] {
  const list = listOf(value);
  if (seen !== undefined && list.length !== seen) throw new Refusal();
  return [...list, tag];
}
