import assert from "node:assert/strict";
import type { Session } from "sessionwire";
import type { FormatName } from "./parts.ts";

export const idleSeconds = 30;
export const lifetimeSeconds = 40;

export interface Message {
  readonly id: unknown;
  readonly value: string;
}

export interface Content {
  readonly attributes: Map<string, number>;
  readonly messages: Message[];
}

/** What is stored under an id: content, or where it leads. */
export interface Stored extends Content {
  readonly createdAt: number;
  readonly forward?: { readonly to: string; readonly until: number };
  expiresAt: number;
}

/** One `Session` object, and what it should show. */
export interface Held {
  readonly session: Session;
  /** Where it works, and by which id it was opened when that led there, until when. */
  id: string;
  openedBy: string;
  until: number | undefined;
  isNew: boolean;
  hasEnded: boolean;
  seen: Content;
  log: ((content: Content) => unknown)[];
}

/** What the sessions should hold, in the plainest terms. */
export interface Model {
  readonly format: FormatName;
  now: number;
  readonly stored: Map<string, Stored>;
  readonly held: Held[];
  readonly ids: string[];
}

export function save(model: Model, held: Held): string | undefined {
  if (held.log.length === 0) return undefined;
  if (held.hasEnded) return "gone";
  const stored = held.isNew ? created(model, held.id) : live(model, held.id);
  if (stored === undefined || stored.forward) return gone(held);
  for (const record of held.log) record(stored);
  model.stored.set(held.id, stored);
  keepAlive(model, stored);
  Object.assign(held, { isNew: false, seen: copy(stored), log: [] });
  return undefined;
}

export function move(model: Model, held: Held, graceSeconds: number | undefined): string | undefined {
  const { session, id } = held;
  if (held.until !== undefined) return "read_only";
  if (held.hasEnded) return "gone";
  if (!held.isNew) {
    const stored = live(model, id);
    if (stored === undefined || stored.forward) return gone(held);
    for (const record of held.log) record(stored);
    keepAlive(model, stored);
    model.stored.set(session.id, stored);
    model.stored.delete(id);
    Object.assign(held, { seen: copy(stored), log: [] });
    if (graceSeconds !== undefined) {
      const until = model.now + graceSeconds * 1000;
      const forward = { to: session.id, until };
      model.stored.set(id, { ...copy(stored), createdAt: model.now, forward, expiresAt: until });
    }
  }
  assert.ok(!model.ids.includes(session.id), "a fresh id");
  held.id = session.id;
  model.ids.push(session.id);
  return held.isNew ? save(model, held) : undefined;
}

/**
 * An old id leads to nothing any more, and ends nothing, when its time is over. As long as it leads on, it ends what it leads to,
 * also when the session was found to have moved.
 */
export function destroy(model: Model, held: Held): undefined {
  if (!held.isNew) end(model, held.until === undefined ? held.id : held.openedBy);
  Object.assign(held, { isNew: false, hasEnded: true });
}

/** Also what it leads to. */
export function end(model: Model, id: string): void {
  const stored = live(model, id);
  model.stored.delete(id);
  if (stored?.forward) end(model, stored.forward.to);
}

export function gone(held: Held): string {
  held.hasEnded = true;
  return "gone";
}

export function isOver(model: Model, { hasEnded, until }: Held): boolean {
  return hasEnded || (until !== undefined && model.now >= until);
}

export function created(model: Model, id: string): Stored {
  assert.ok(!model.stored.has(id), "an id of its own");
  return { attributes: new Map(), messages: [], createdAt: model.now, expiresAt: Infinity };
}

export function live(model: Model, id: string): Stored | undefined {
  const stored = model.stored.get(id);
  if (stored && model.now >= stored.expiresAt) model.stored.delete(id);
  return model.stored.get(id);
}

export function find(model: Model, id: string): { id: string; stored: Stored; until: number | undefined } | undefined {
  const stored = live(model, id);
  if (!stored?.forward) return stored && { id, stored, until: undefined };
  const { to, until } = stored.forward;
  const found = find(model, to);
  return found && { ...found, until: Math.min(until, found.until ?? until) };
}

export function keepAlive(model: Model, stored: Stored): void {
  const end =
    stored.forward?.until ?? (model.format === "native" ? stored.createdAt + lifetimeSeconds * 1000 : Infinity);
  stored.expiresAt = Math.min(end, stored.forward ? end : model.now + idleSeconds * 1000);
}

export function shown({ seen, log }: Held): Content {
  const content = copy(seen);
  for (const record of log) record(content);
  return content;
}

export function copy({ attributes, messages }: Content): Content {
  return { attributes: new Map(attributes), messages: [...messages] };
}

export function remove({ messages }: Content, removed: readonly Message[]): void {
  for (const { id } of removed) {
    const place = messages.findIndex((message) => message.id === id);
    if (place >= 0) messages.splice(place, 1);
  }
}
