import type { SessionData } from "express-session";
import type { Json, Session } from "sessionwire";
import { recordOf, type SessionFormat, type SessionRecord } from "sessionwire/backend";
import { type CookieObject, cookieOf, freshCookie } from "./cookie.ts";
import { createHiddenField } from "./hidden-field.ts";
import { mutableCopy, setOwn } from "./json.ts";
import { noFlashes, type SessionImage } from "./session-image.ts";

/**
 * The state against which the changes of a request are determined: the session that was handed out to it, and its
 * image.
 */
export interface Baseline {
  readonly session: Session;
  /** The image that was handed out; `undefined` if none was, because the request brought its own session. */
  image: SessionImage | undefined;
}

/** Finds the baseline of a session object. */
export class BaselineRegistry {
  readonly #baselines = createHiddenField<Baseline>();
  /** Each registry has its own mark, because the object of one store may be passed to another store. */
  readonly #mark = Symbol("handed out");

  /**
   * Hands out the session as plain data. The members of `more` are shown beside the stored ones, and are stored only if
   * they change.
   */
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

  /** Registers the session that express-session creates from the data it was handed. */
  adopt(data: object, session: object): void {
    const baseline = this.#baselines.get(data);
    if (baseline?.image) this.add(session, { session: baseline.session, image: asCreated(baseline.image, session) });
  }

  /**
   * Hides a mark in the cookie. \@fastify/session creates its own object from the data it was handed, and only a copy
   * of the cookie, made by its `toJSON`, leads back. Everyone else sees the cookie as it is stored.
   */
  #hideIn(cookie: object, mark: Mark): void {
    Object.defineProperty(cookie, "toJSON", { value: () => ({ ...cookie, [this.#mark]: mark }) });
  }

  /** Finds the baseline of `data` that was handed out under exactly this id. */
  find(sid: string, data: object): Baseline | undefined {
    const baseline = this.#baselines.get(data) ?? this.#markedIn(data);
    return baseline?.session.id === sid ? baseline : undefined;
  }

  #markedIn(data: object): Baseline | undefined {
    const options = Object.getOwnPropertySymbols(data).map((symbol): unknown => data[symbol as never]);
    const cookie: unknown = "cookie" in data ? data.cookie : undefined;
    for (const place of [...options, unfolded(cookie)]) {
      if (typeof place !== "object" || place === null || !(this.#mark in place)) continue;
      return (place[this.#mark as never] as Mark).baseline; // the symbol is private to this registry
    }
    return undefined;
  }
}

/** Keeps the baseline out of a printed session. */
class Mark {
  readonly #baseline: Baseline;

  constructor(baseline: Baseline) {
    this.#baseline = baseline;
  }

  get baseline(): Baseline {
    return this.#baseline;
  }
}

/** Returns a copy of a cookie that was handed out, made by its own `toJSON`; any other cookie is returned as it is. */
function unfolded(cookie: unknown): unknown {
  if (typeof cookie !== "object" || cookie === null || !Object.hasOwn(cookie, "toJSON")) return cookie;
  return "toJSON" in cookie && typeof cookie.toJSON === "function" ? cookie.toJSON() : cookie;
}

/** Returns the image with the values of the record itself, which nobody changes. */
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

/** Adapts the image: express-session leaves out members named like its own methods, and fills in the cookie. */
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
