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

/** Adds the messages that are new, and removes those that have been taken: these and no others of the same type. */
function recordFlashes(session: Session, type: string, before: readonly string[], now: readonly string[]): void {
  for (const message of without(before, now)) session.flash.remove(type, JSON.parse(message));
  for (const message of without(now, before)) session.flash.add(type, JSON.parse(message));
}

/** What is left of `messages` when each of `others` takes away one that is equal. */
function without(messages: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return messages.filter((message) => {
    const place = left.indexOf(message);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}
