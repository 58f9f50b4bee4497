import type { Session } from "sessionwire";
import { type CookieObject, isChanged } from "./cookie.ts";
import { isWrittenAs } from "./json.ts";
import type { SessionImage } from "./session-image.ts";

/** Records in `session` what has become different since `before`; without a `before`, all there is. */
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

/** A cookie that is over ends the session, as an age of 0 does. */
function withEnd(cookie: CookieObject = {}): CookieObject {
  const { expires, originalMaxAge } = cookie;
  const isOver = typeof expires === "string" && Date.parse(expires) <= Date.now();
  return isOver && typeof originalMaxAge !== "number" ? { ...cookie, originalMaxAge: 0 } : cookie;
}

/**
 * Removes the messages that have been taken and adds those that are new: these and no others of the same type. Where their order
 * has changed, all from there on are added anew, as a message can only be added at the end.
 */
function recordFlashes(session: Session, type: string, before: readonly string[], now: readonly string[]): void {
  const taken = without(before, now);
  const { removed, added } = inPlace(before, now, taken) ?? { removed: before, added: now };
  for (const message of removed) session.flash.remove(type, JSON.parse(message));
  for (const message of added) session.flash.add(type, JSON.parse(message));
}

/** `undefined` where the messages that stay are not those at the front, as of equal ones the oldest is removed. */
function inPlace(before: readonly string[], now: readonly string[], taken: readonly string[]) {
  const left = without(before, taken);
  const differsAt = left.findIndex((message, index) => message !== now[index]);
  const staying = differsAt < 0 ? left.length : differsAt;
  const removed = [...taken, ...left.slice(staying)];
  const isRight = without(before, removed).every((message, index) => message === now[index]);
  return isRight ? { removed, added: now.slice(staying) } : undefined;
}

/** What is left of `messages` when each of `others` takes away the first that is equal. */
function without(messages: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const message of others) counts.set(message, (counts.get(message) ?? 0) + 1);
  return messages.filter((message) => {
    const count = counts.get(message) ?? 0;
    counts.set(message, count - 1);
    return count <= 0;
  });
}
