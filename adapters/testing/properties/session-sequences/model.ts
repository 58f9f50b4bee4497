import type { Session } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { keepsMessageIds, knowsLifetime } from "../../format-traits.ts";
import { holds } from "../contract.ts";

export const IDLE_SECONDS = 30;
export const LIFETIME_SECONDS = 70;

/** A message. In a format that stores ids of messages, equal ones are different. */
interface Message {
  readonly id: unknown;
  readonly value: string;
}

export interface Content {
  readonly attributes: Map<string, number>;
  /** The times at which attributes end, in ms, by name. */
  readonly ends: Map<string, number>;
  readonly messages: Message[];
}

/** Content that is stored under an id, or a forward to another one. */
interface Stored extends Content {
  readonly createdAt: number;
  readonly forward?: { readonly to: string; readonly until: number };
  expiresAt: number;
}

/** A `Session` object, and its expected state. */
export interface Held {
  readonly session: Session;
  /** The id of the session in the store. */
  id: string;
  /** The id by which it was opened; an old id leads to the session. */
  readonly openedBy: string;
  /** The time until which the old id leads there, in ms; `undefined` if it was opened by the id of the session. */
  until: number | undefined;
  isNew: boolean;
  hasEnded: boolean;
  seen: Content;
  /** The unsaved changes. */
  log: ((content: Content) => unknown)[];
}

/** The expected sessions, in the simplest form. */
export interface Model {
  readonly format: SessionFormat;
  now: number;
  readonly stored: Map<string, Stored>;
  readonly held: Held[];
  readonly ids: string[];
}

/** The expected code of a rejection. */
export type Code = "gone" | "read-only" | undefined;

export function createModel(format: SessionFormat): Model {
  return { format, now: 0, stored: new Map(), held: [], ids: [] };
}

export function create(model: Model, session: Session): void {
  const { id } = session;
  holds(96, !model.ids.includes(id), "A new session has the id of another one");
  model.ids.push(id);
  model.held.push({
    ...{ session, id, openedBy: id, until: undefined },
    ...{ isNew: true, hasEnded: false, seen: emptyContent(), log: [] },
  });
}

/** Returns the session that is stored under an id, or that the id leads to. */
export function find(
  model: Model,
  id: string,
): { readonly id: string; readonly stored: Stored; readonly until: number | undefined } | undefined {
  const stored = live(model, id);
  if (!stored?.forward) return stored && { id, stored, until: undefined };
  const { to, until } = stored.forward;
  const found = find(model, to);
  return found && { ...found, until: Math.min(until, found.until ?? until) };
}

export function open(model: Model, openedBy: string, session: Session): void {
  const found = find(model, openedBy);
  if (found === undefined) return;
  const { id, until, stored } = found;
  keepAlive(model, stored);
  const seen = copyOf(stored);
  model.held.push({ session, id, openedBy, until, isNew: false, hasEnded: false, seen, log: [] });
}

export function save(model: Model, held: Held): Code {
  if (held.log.length === 0) return undefined;
  if (held.hasEnded) return "gone";
  const stored = held.isNew ? created(model, held.id) : live(model, held.id);
  if (stored === undefined || stored.forward) return gone(held);
  write(model, held, held.id, stored);
  Object.assign(held, { isNew: false });
  return undefined;
}

export function refresh(model: Model, held: Held): Code {
  if (held.isNew) return undefined;
  const stored = isOver(model, held) ? undefined : live(model, held.id);
  if (stored === undefined) return gone(held);
  // A read also keeps a session alive that it reaches through a forward.
  keepAlive(model, stored);
  if (stored.forward) return gone(held);
  held.seen = copyOf(stored);
  return undefined;
}

export function touch(model: Model, held: Held): Code {
  if (held.isNew) return undefined;
  const stored = isOver(model, held) ? undefined : live(model, held.id);
  if (stored === undefined) return gone(held);
  keepAlive(model, stored);
  return undefined;
}

export function discard(_: Model, held: Held): Code {
  held.log = [];
  return undefined;
}

/** The session already has its new id, which is taken from there. */
export function regenerate(model: Model, held: Held, graceSeconds: number | undefined): Code {
  const { session, id } = held;
  if (held.until !== undefined) return "read-only";
  if (held.hasEnded) return "gone";
  if (!held.isNew) {
    const stored = live(model, id);
    if (stored === undefined || stored.forward) return gone(held);
    model.stored.delete(id);
    write(model, held, session.id, stored);
    if (graceSeconds !== undefined) {
      const until = model.now + graceSeconds * 1000;
      const forward = { to: session.id, until };
      model.stored.set(id, { ...copyOf(stored), createdAt: model.now, forward, expiresAt: until });
    }
  }
  takeNewId(model, held, 96);
  return held.isNew ? save(model, held) : undefined;
}

/**
 * Destroys by an old id. When its time is over, it leads to nothing and ends nothing. Until then, it ends the session
 * it leads to, even if that session turned out to have moved.
 */
export function destroy(model: Model, held: Held): Code {
  if (!held.isNew) end(model, held.until === undefined ? held.id : held.openedBy);
  Object.assign(held, { isNew: false, hasEnded: true });
  return undefined;
}

export function invalidate(model: Model, held: Held): Code {
  destroy(model, held);
  takeNewId(model, held, 98);
  Object.assign(held, { until: undefined, isNew: true, hasEnded: false, log: [] });
  held.seen = emptyContent();
  return undefined;
}

/** Ends the session under an id, and the one it leads to. */
export function end(model: Model, id: string): void {
  const stored = live(model, id);
  model.stored.delete(id);
  if (stored?.forward) end(model, stored.forward.to);
}

export function live(model: Model, id: string): Stored | undefined {
  const stored = model.stored.get(id);
  if (stored && model.now >= stored.expiresAt) model.stored.delete(id);
  return model.stored.get(id);
}

export function keepAlive(model: Model, stored: Stored): void {
  stored.expiresAt = Math.min(endOf(model, stored), stored.forward ? Infinity : model.now + IDLE_SECONDS * 1000);
}

/** Returns the time at which a session ends, however often it is used, in ms. */
export function endOf({ format }: Model, { forward, createdAt }: Stored): number {
  return forward?.until ?? (knowsLifetime(format) ? createdAt + LIFETIME_SECONDS * 1000 : Infinity);
}

/** Returns the expected content of a session object: its last known state with its own changes. */
export function shownBy({ seen, log }: Held): Content {
  const content = copyOf(seen);
  for (const record of log) record(content);
  return content;
}

/** Returns the attributes that have not ended. */
export function attributesAt(now: number, { attributes, ends }: Content): [string, number][] {
  return [...attributes].filter(([name]) => (ends.get(name) ?? Infinity) > now);
}

export function messageOf({ format }: Model, value: string): Message {
  return { id: keepsMessageIds(format) ? {} : value, value };
}

export function remove({ messages }: Content, removed: readonly Message[]): void {
  for (const { id } of removed) {
    const index = messages.findIndex((message) => message.id === id);
    if (index >= 0) messages.splice(index, 1);
  }
}

function write(model: Model, held: Held, id: string, stored: Stored): void {
  for (const record of held.log) record(stored);
  model.stored.set(id, stored);
  keepAlive(model, stored);
  Object.assign(held, { seen: copyOf(stored), log: [] });
}

function takeNewId(model: Model, held: Held, law: number): void {
  const { id } = held.session;
  holds(law, !model.ids.includes(id), "A moved session has an id that existed before");
  held.id = id;
  model.ids.push(id);
}

function created(model: Model, id: string): Stored {
  holds(92, !model.stored.has(id), "A session is created over another one");
  return { ...emptyContent(), createdAt: model.now, expiresAt: Infinity };
}

function gone(held: Held): Code {
  held.hasEnded = true;
  return "gone";
}

function isOver({ now }: Model, { hasEnded, until }: Held): boolean {
  return hasEnded || (until !== undefined && now >= until);
}

function emptyContent(): Content {
  return { attributes: new Map(), ends: new Map(), messages: [] };
}

function copyOf({ attributes, ends, messages }: Content): Content {
  return { attributes: new Map(attributes), ends: new Map(ends), messages: [...messages] };
}
