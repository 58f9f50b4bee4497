import type { Session } from "sessionwire";
import { type CookieObject, isChanged } from "./cookie.ts";
import { isWrittenAs } from "./json.ts";
import type { SessionImage } from "./session-image.ts";

/** Records in `session` all differences from `before`; without `before`, records everything. */
export function recordChanges(session: Session, before: SessionImage | undefined, now: SessionImage): void {
  for (const [name, value] of now.attributes) {
    const known = before?.attributes.get(name);
    if (known === undefined || !isWrittenAs(value, known)) session.set(name, value);
  }
  for (const name of before?.attributes.keys() ?? []) {
    if (!now.attributes.has(name)) session.delete(name);
  }
  if (isChanged(before?.cookie, now.cookie)) session.metadata.set("cookie", withEnd(now.cookie));
  if (now.flashes === before?.flashes) return;
  for (const type of new Set([...(before?.flashes.keys() ?? []), ...now.flashes.keys()])) {
    recordFlashes(session, type, before?.flashes.get(type) ?? [], now.flashes.get(type) ?? []);
  }
}

/** Gives an expired cookie an age of 0, which ends the session. */
function withEnd(cookie: CookieObject = {}): CookieObject {
  const { expires, originalMaxAge } = cookie;
  const isOver = typeof expires === "string" && Date.parse(expires) <= Date.now();
  return isOver && typeof originalMaxAge !== "number" ? { ...cookie, originalMaxAge: 0 } : cookie;
}

/**
 * Removes the messages that were taken and adds the new ones; other messages of the same type stay. From the first
 * change in their order, all messages are added anew, because a message can only be added at the end.
 */
function recordFlashes(session: Session, type: string, before: readonly string[], now: readonly string[]): void {
  const taken = without(before, now);
  const { removed, added } = inPlace(before, now, taken) ?? { removed: before, added: now };
  for (const message of removed) session.flash.remove(type, JSON.parse(message));
  for (const message of added) session.flash.add(type, JSON.parse(message));
}

/**
 * Returns `undefined` if the remaining messages are not those at the front, because removing one of several equal
 * messages removes the oldest.
 */
function inPlace(before: readonly string[], now: readonly string[], taken: readonly string[]) {
  const left = without(before, taken);
  const differsAt = left.findIndex((message, index) => message !== now[index]);
  const staying = differsAt < 0 ? left.length : differsAt;
  const removed = [...taken, ...left.slice(staying)];
  const isRight = without(before, removed).every((message, index) => message === now[index]);
  return isRight ? { removed, added: now.slice(staying) } : undefined;
}

/** Returns `messages` after each of `others` has removed the first message equal to it. */
function without(messages: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const message of others) counts.set(message, (counts.get(message) ?? 0) + 1);
  return messages.filter((message) => {
    const count = counts.get(message) ?? 0;
    counts.set(message, count - 1);
    return count <= 0;
  });
}
