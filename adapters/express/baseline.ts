import type { SessionData } from "express-session";
import type { Json, Session } from "sessionwire";
import { recordOf, type SessionFormat, type SessionRecord } from "sessionwire/backend";
import { type CookieObject, cookieOf, freshCookie } from "./cookie.ts";
import { createHiddenField } from "./hidden-field.ts";
import { mutableCopy, setOwn } from "./json.ts";
import { noFlashes, type SessionImage } from "./session-image.ts";

/** The state from which the changes of a request are told: the session that it was handed, and the image of that. */
export interface Baseline {
  readonly session: Session;
  /** `undefined`: nothing was handed out, it has brought its session along. */
  image: SessionImage | undefined;
}

/** Finds the baseline of a session object. */
export class BaselineRegistry {
  readonly #baselines = createHiddenField<Baseline>();
  /** One of its own, as the object of one store may be given to another one. */
  readonly #mark = Symbol("handed out");

  /** With `more`, which is shown beside what is stored, and not stored unless it is changed. */
  handOut(session: Session, format: SessionFormat, more: { readonly [name: string]: Json } = {}): SessionData {
    const record = recordOf(session);
    const image = shownImage(record, freshCookie(record, format), more);
    const data: Record<string, unknown> = { cookie: mutableCopy(image.cookie ?? null) };
    for (const [name, value] of image.attributes) setOwn(data, name, mutableCopy(value));
    if (image.flashes.size > 0) data.flash = { ...(data.flash ?? {}), ...mutableMessages(record) };
    const baseline = { session, image };
    this.add(data, baseline);
    this.#hideIn(data.cookie as object, new Mark(baseline));
    return data as unknown as SessionData; // as it was stored
  }

  add(data: object, baseline: Baseline): void {
    this.#baselines.set(data, baseline);
  }

  /** `express-session` makes a session of its own of what it was handed. */
  adopt(data: object, session: object): void {
    const baseline = this.#baselines.get(data);
    if (baseline?.image) this.add(session, { session: baseline.session, image: asCreated(baseline.image, session) });
  }

  /**
   * \@fastify/session makes an object of its own of what it was handed, of which only a copy of the cookie leads back: that of
   * its `toJSON`. To all others, it looks as it is stored.
   */
  #hideIn(cookie: object, mark: Mark): void {
    Object.defineProperty(cookie, "toJSON", { value: () => ({ ...cookie, [this.#mark]: mark }) });
  }

  /** Finds the baseline of `data` that was handed out under just this id. */
  find(sid: string, data: object): Baseline | undefined {
    const baseline = this.#baselines.get(data) ?? this.#markedIn(data);
    return baseline?.session.id === sid ? baseline : undefined;
  }

  #markedIn(data: object): Baseline | undefined {
    const options = Object.getOwnPropertySymbols(data).map((symbol): unknown => data[symbol as never]);
    const cookie: unknown = "cookie" in data ? data.cookie : undefined;
    for (const place of [...options, unfolded(cookie)]) {
      if (typeof place !== "object" || place === null || !(this.#mark in place)) continue;
      return (place[this.#mark as never] as Mark).baseline; // nobody else knows the symbol
    }
    return undefined;
  }
}

/** Hides what it leads to from whoever prints a session. */
class Mark {
  readonly #baseline: Baseline;

  constructor(baseline: Baseline) {
    this.#baseline = baseline;
  }

  get baseline(): Baseline {
    return this.#baseline;
  }
}

/** A cookie that was handed out, as its copies are made; any other as it is. */
function unfolded(cookie: unknown): unknown {
  if (typeof cookie !== "object" || cookie === null || !Object.hasOwn(cookie, "toJSON")) return cookie;
  return "toJSON" in cookie && typeof cookie.toJSON === "function" ? cookie.toJSON() : cookie;
}

/** The values of the record itself: nobody changes them. */
function shownImage(
  record: SessionRecord,
  cookie: CookieObject,
  more: { readonly [name: string]: Json },
): SessionImage {
  const shown = Object.entries(more);
  const attributes = shown.length > 0 ? new Map([...record.attributes, ...shown]) : record.attributes;
  return { attributes, flashes: record.flashes.size > 0 ? textsOf(record) : noFlashes, cookie };
}

function textsOf({ flashes }: SessionRecord): SessionImage["flashes"] {
  return new Map([...flashes].map(([type, entries]) => [type, entries.map(({ value }) => JSON.stringify(value))]));
}

function mutableMessages({ flashes }: SessionRecord): object {
  return Object.fromEntries(
    [...flashes].map(([type, entries]) => [type, entries.map(({ value }) => mutableCopy(value))]),
  );
}

/** express-session leaves out members that its own methods have the names of, and fills in the cookie. */
function asCreated({ attributes, flashes }: SessionImage, session: object): SessionImage {
  const isLeftOut = (name: string) => !Object.prototype.propertyIsEnumerable.call(session, name);
  const leftOut = [...attributes.keys()].filter(isLeftOut);
  const created = leftOut.length === 0 ? attributes : without(attributes, leftOut);
  return { attributes: created, flashes, cookie: cookieOf(session) };
}

function without<Value>(map: ReadonlyMap<string, Value>, names: readonly string[]): Map<string, Value> {
  const copy = new Map(map);
  for (const name of names) copy.delete(name);
  return copy;
}
