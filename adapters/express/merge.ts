import type { Session } from "sessionwire";
import { type Image, isSameCookie } from "./image.ts";

/** Records in `session` what has become different since `before`; without a `before`, all there is. */
export function recordChanges(session: Session, before: Image | undefined, now: Image): void {
  for (const [name, text] of now.members) {
    if (before?.members.get(name) !== text) session.set(name, JSON.parse(text));
  }
  for (const name of before?.members.keys() ?? []) {
    if (!now.members.has(name)) session.delete(name);
  }
  if (!before || !isSameCookie(before.cookie, now.cookie)) session.metadata.set("cookie", now.cookie);
  for (const type of new Set([...(before?.flash.keys() ?? []), ...now.flash.keys()])) {
    recordFlashes(session, type, before?.flash.get(type) ?? [], now.flash.get(type) ?? []);
  }
}

/**
 * connect-flash adds messages one by one and takes all of a type at once. Whoever takes single ones puts the others back at the
 * end.
 */
function recordFlashes(session: Session, type: string, before: readonly string[], now: readonly string[]): void {
  const isKept = before.every((message, place) => message === now[place]);
  if (!isKept) session.flash.take(type);
  for (const message of isKept ? now.slice(before.length) : now) session.flash.add(type, JSON.parse(message));
}
