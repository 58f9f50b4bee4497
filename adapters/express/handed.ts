import type { SessionData } from "express-session";
import type { Json, Session } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { type CookieObject, cookieOf, type Image, imageOf } from "./image.ts";

/** What a request was handed, and how that looked. */
export interface Handed {
  readonly session: Session;
  /** `undefined`: nothing was, it has brought its session along. */
  image: Image | undefined;
}

/** Remembers of session objects what they were made of. */
export class HandedOut {
  readonly #handed = new WeakMap<object, Handed>();
  /** One of its own, as the object of one store may be given to another one. */
  readonly #mark = Symbol("handed out");

  /** With `more`, which is shown beside what is stored, and not stored unless it is changed. */
  handOut(session: Session, format: SessionFormat, more: object = {}): SessionData {
    const cookie = freshCookie(session, format);
    const attributes = session.names().map((name) => [name, session.copy(name)]);
    const data: Record<string, unknown> = Object.fromEntries([["cookie", cookie], ...attributes]);
    const messages = session.flash.types().map((type) => [type, plainCopy(session.flash.peek(type))]);
    if (messages.length > 0) data.flash = { ...(data.flash ?? {}), ...Object.fromEntries(messages) };
    Object.assign(data, more);
    const handed = { session, image: imageOf(data) };
    this.add(data, handed);
    this.#hideIn(cookie, new Mark(handed));
    return data as unknown as SessionData; // as it was stored
  }

  add(data: object, handed: Handed): void {
    this.#handed.set(data, handed);
  }

  /** `express-session` makes a session of its own of what it was handed. */
  adopt(data: object, session: object): void {
    const handed = this.#handed.get(data);
    if (handed?.image) this.add(session, { session: handed.session, image: asCreated(handed.image, session) });
  }

  /**
   * \@fastify/session makes an object of its own of what it was handed, of which only a copy of the cookie leads back: that of
   * its `toJSON`. To all others, it looks as it is stored.
   */
  #hideIn(cookie: object, mark: Mark): void {
    const toJSON = () => ({ ...cookie, [this.#mark]: mark });
    Object.defineProperties(cookie, { toJSON: { value: toJSON }, [this.#mark]: { value: mark } });
  }

  /** What was handed out as `data`, under just this id. */
  find(sid: string, data: object): Handed | undefined {
    const handed = this.#handed.get(data) ?? this.#markedIn(data);
    return handed?.session.id === sid ? handed : undefined;
  }

  #markedIn(data: object): Handed | undefined {
    const options = Object.getOwnPropertySymbols(data).map((symbol): unknown => data[symbol as never]);
    const cookie: unknown = "cookie" in data ? data.cookie : undefined;
    for (const place of [...options, cookie]) {
      if (typeof place !== "object" || place === null || !(this.#mark in place)) continue;
      return (place[this.#mark as never] as Mark).handed; // nobody else knows the symbol
    }
    return undefined;
  }
}

/** Hides what it leads to from whoever prints a session. */
class Mark {
  readonly #handed: Handed;

  constructor(handed: Handed) {
    this.#handed = handed;
  }

  get handed(): Handed {
    return this.#handed;
  }
}

/** The cookie with a date of expiry that is true now; the stored one is as old as the last change. */
function freshCookie(session: Session, format: SessionFormat): CookieObject {
  const metadata = new Map([["cookie", session.metadata.get("cookie") ?? null]]);
  const record = { attributes: new Map(), flashes: new Map(), metadata, tokens: [] };
  const cookie = plainCopy(format.stamp(record, Date.now()).metadata.get("cookie")) as CookieObject; // the format sees to it
  return Object.fromEntries(Object.entries(cookie).filter(([name, value]) => isAssignable(name, value)));
}

/**
 * express-session assigns the members to an object of its own, where one of them would be its prototype, others would hide its
 * methods, and an age that is no number would be an error in each request.
 */
function isAssignable(name: string, value: Json): boolean {
  if (name === "maxAge" || name === "originalMaxAge") return typeof value === "number" || !value;
  return !["__proto__", "data", "serialize", "toJSON"].includes(name);
}

/** One that the application may change. */
function plainCopy(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** express-session leaves out members that its own methods have the names of, and fills in the cookie. */
function asCreated(image: Image, session: object): Image {
  const isThere = (name: string) => Object.prototype.propertyIsEnumerable.call(session, name);
  const members = new Map([...image.members].filter(([name]) => isThere(name)));
  return { ...image, members, cookie: cookieOf(session) };
}
