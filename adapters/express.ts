import { type SessionData, Store } from "express-session";
import {
  createSessionManager,
  expressFormat,
  isSessionError,
  type ListingSessionHandler,
  type Session,
  type SessionHandler,
  type SessionManager,
} from "sessionwire";
import { type CookieObject, cookieOf, type Image, imageOf, isSameCookie } from "./express/image.ts";
import { canList, forEach, listIds, withId } from "./express/listing.ts";
import { recordChanges } from "./express/merge.ts";

/**
 * The options of {@link createExpressStore}.
 *
 * @public
 */
export interface ExpressStoreOptions {
  /**
   * What becomes of saving a session that has ended meanwhile, by a sign-out in another request for instance. Nothing is stored
   * in either case. `"ignore"`: the request goes on, and subscribers of the session manager hear of it. `"error"`: the callback
   * gets the error with code `gone`; express-session hands it to the error handlers when the response is under way already.
   *
   * @defaultValue `"ignore"`
   */
  readonly onGone?: "ignore" | "error" | undefined;
  /**
   * For a handler: what stands before the id in the key.
   *
   * @defaultValue `"sess:"`, as connect-redis has it
   */
  readonly prefix?: string | undefined;
  /**
   * For a handler: ends a session whose cookie has no maximal age when it has not been used for so long; whole seconds. The
   * `ttl` of other stores.
   *
   * @defaultValue 86,400 (a day)
   */
  readonly idleTimeoutSeconds?: number | undefined;
  /**
   * For a handler: restarts the time to live at most so often, and at least ten times within it; seconds. 0: with each request.
   *
   * @defaultValue 60
   */
  readonly touchEverySeconds?: number | undefined;
}

/**
 * A store for express-session.
 *
 * @remarks
 * Methods take a callback, as express-session calls them, or return a promise where there is none.
 *
 * @public
 */
export interface ExpressStore<Attributes extends object = Record<string, unknown>> extends Store {
  /** The sessions in the store, for everything outside of requests. */
  readonly sessions: SessionManager<Attributes>;
  /** The session as express-session takes it, or `undefined` where there is none. */
  get(sid: string, callback?: ExpressStoreCallback<SessionData | undefined>): Promise<SessionData | undefined>;
  /** Stores what is different from what was handed out; of a session that was not, all there is. */
  set(sid: string, data: SessionData, callback?: ExpressStoreCallback): Promise<void>;
  /** Restarts the time to live, and stores a cookie that was changed. */
  touch(sid: string, data: SessionData, callback?: ExpressStoreCallback): Promise<void>;
  /** Ends the session. */
  destroy(sid: string, callback?: ExpressStoreCallback): Promise<void>;
  /** The ids of all sessions. This and the next three walk the whole store; they are there if the handler can list. */
  ids?(callback?: ExpressStoreCallback<string[]>): Promise<string[]>;
  /** All sessions, each with its `id`. */
  all?(callback?: ExpressStoreCallback<SessionData[]>): Promise<SessionData[]>;
  /** How many sessions there are. */
  length?(callback?: ExpressStoreCallback<number>): Promise<number>;
  /** Ends all sessions. */
  clear?(callback?: ExpressStoreCallback): Promise<void>;
}

/**
 * Called with an error, or with `null` and the result.
 *
 * @public
 */
export type ExpressStoreCallback<Result = void> = (error?: unknown, result?: Result) => void;

/**
 * Makes a store for express-session, or for \@fastify/session, of a session manager in the format of express-session; or, for
 * an application that needs nothing but the store, of a handler.
 *
 * @remarks
 * - **No change is lost to another request**: what a request has changed is found out member by member, and goes into what is
 *   stored by then. Of one member, the last that is saved stays.
 * - **Nothing brings an ended session back**: saving one that has been destroyed stores nothing.
 * - **A store that cannot be reached is an error**, within the deadline of the handler, and never a session that seems absent.
 * - What is unchanged is not written. A changed maximal age or flag of the cookie is, also when nothing else has changed.
 *
 * @throws `RangeError` or `TypeError` for a source or an option that cannot be used.
 *
 * @public
 */
export function createExpressStore<Attributes extends object = Record<string, unknown>>(
  source: SessionManager<Attributes> | SessionHandler,
  options: ExpressStoreOptions = {},
): ExpressStore<Attributes> {
  const { onGone = "ignore", ...managerOptions } = options;
  if (onGone !== "ignore" && onGone !== "error") throw new TypeError('onGone must be "ignore" or "error".');
  const store = new ConditionalStore(managerOf(source, managerOptions), onGone);
  return store as unknown as ExpressStore<Attributes>; // the attributes are a word of the type
}

function managerOf(source: object, options: Omit<ExpressStoreOptions, "onGone">): SessionManager {
  if ("open" in source && "update" in source) return checkedManager(source as SessionManager, options); // no handler has these
  const { prefix, ...limits } = options;
  return createSessionManager({ handler: source as SessionHandler, format: expressFormat({ prefix }), ...limits });
}

function checkedManager(sessions: SessionManager, options: object): SessionManager {
  const [name] = Object.keys(options);
  if (name !== undefined) throw new TypeError(`The option "${name}" belongs to the session manager.`);
  if (sessions.format.adoptsIds) return sessions;
  throw new TypeError(`express-session makes its ids itself, which the ${sessions.format.name} format does not allow.`);
}

/** What a request was handed, and how that looked. */
interface Handed {
  readonly session: Session;
  image: Image | undefined;
}

/**
 * Marks the cookie of what was handed out. \@fastify/session makes an object of its own of it, of which only the options of the
 * cookie lead back.
 */
const mark: unique symbol = Symbol("handed");

class ConditionalStore extends Store implements ExpressStore {
  readonly sessions: SessionManager;
  readonly #onGone: "ignore" | "error";
  readonly #handed = new WeakMap<object, Handed>();
  declare ids?: NonNullable<ExpressStore["ids"]>;
  declare all?: NonNullable<ExpressStore["all"]>;
  declare length?: NonNullable<ExpressStore["length"]>;
  declare clear?: NonNullable<ExpressStore["clear"]>;
  /** Set by express-session. */
  declare generate: (request: Parameters<Store["regenerate"]>[0]) => void;

  constructor(sessions: SessionManager, onGone: "ignore" | "error") {
    super();
    this.sessions = sessions;
    this.#onGone = onGone;
    const { handler } = sessions;
    if (canList(handler)) this.#canList(handler);
  }

  #canList(handler: ListingSessionHandler): void {
    const ids = () => listIds(handler, this.sessions);
    const dataOf = async (id: string) => {
      const session = await this.sessions.open(id, { keepAlive: false });
      return session && withId(this.#handOut(session), id);
    };
    this.ids = (callback) => answer(callback, ids);
    this.all = (callback) => answer(callback, async () => forEach(await ids(), dataOf));
    this.length = (callback) => answer(callback, async () => (await ids()).length);
    this.clear = (callback) =>
      answer(callback, async () => void (await forEach(await ids(), (id) => this.sessions.destroy(id))));
  }

  get(sid: string, callback?: ExpressStoreCallback<SessionData | undefined>): Promise<SessionData | undefined> {
    return answer(callback, async () => {
      const session = await this.sessions.open(sid, { keepAlive: false });
      return session && this.#handOut(session);
    });
  }

  set(sid: string, data: SessionData, callback?: ExpressStoreCallback): Promise<void> {
    return answer(callback, async () => {
      const now = imageOf(data);
      const handed = this.#handedAs(sid, data) ?? (await this.#adopt(sid, data));
      recordChanges(handed.session, handed.image, now);
      handed.image = now; // what was recorded stays recorded, be it that the save fails
      await this.#unlessGone(() => (handed.session.isChanged ? handed.session.save() : handed.session.touch()));
    });
  }

  override touch(sid: string, data: SessionData, callback?: ExpressStoreCallback): Promise<void> {
    return answer(callback, async () => {
      const handed = this.#handedAs(sid, data);
      if (handed === undefined) return void (await this.sessions.open(sid));
      const cookie = cookieOf(data);
      if (handed.image && !isSameCookie(handed.image.cookie, cookie)) {
        handed.session.metadata.set("cookie", cookie);
        handed.image = { ...handed.image, cookie };
      }
      await this.#unlessGone(() => (handed.session.isChanged ? handed.session.save() : handed.session.touch()));
    });
  }

  destroy(sid: string, callback?: ExpressStoreCallback): Promise<void> {
    return answer(callback, () => this.sessions.destroy(sid));
  }

  /** The new id is made first, so that whoever has to do with the old one can be told of it. */
  override regenerate(request: Parameters<Store["regenerate"]>[0], callback: (error?: unknown) => void): void {
    const previousId = request.sessionID;
    this.generate(request);
    answer(callback, () => this.sessions.destroy(previousId, { successor: request.sessionID }));
  }

  override createSession(
    request: Parameters<Store["createSession"]>[0],
    data: Parameters<Store["createSession"]>[1],
  ): ReturnType<Store["createSession"]> {
    const handed = this.#handed.get(data);
    const session = super.createSession(request, data);
    if (handed?.image) this.#handed.set(session, { session: handed.session, image: asCreated(handed.image, session) });
    return session;
  }

  #handOut(session: Session): SessionData {
    const cookie = { ...freshCookie(session) };
    const data: Record<string, unknown> = Object.fromEntries([
      ["cookie", cookie],
      ...session.names().map((name) => [name, session.copy(name)]),
    ]);
    const types = session.flash.types();
    if (types.length > 0) data.flash = Object.fromEntries(types.map((type) => [type, [...session.flash.peek(type)]]));
    const handed = { session, image: imageOf(data) };
    this.#handed.set(data, handed);
    Object.assign(cookie, { [mark]: handed });
    return data as unknown as SessionData; // as it was stored
  }

  #handedAs(sid: string, data: object): Handed | undefined {
    const handed = this.#handed.get(data) ?? markedIn(data);
    return handed?.session.id === sid ? handed : undefined;
  }

  /** A session that express-session has made, or that somebody brings along: it is created, or laid over what is there. */
  async #adopt(sid: string, data: object): Promise<Handed> {
    const handed: Handed = { session: await this.sessions.create({ id: sid }), image: undefined };
    this.#handed.set(data, handed);
    return handed;
  }

  async #unlessGone(save: () => Promise<void>): Promise<void> {
    try {
      await save();
    } catch (error) {
      if (this.#onGone === "error" || !isSessionError(error) || error.code !== "gone") throw error;
    }
  }
}

/** The cookie with a date of expiry that is true now; the stored one is as old as the last change. */
function freshCookie(session: Session): CookieObject {
  const cookie = session.metadata.get("cookie") as CookieObject; // the format sees to it
  const { originalMaxAge } = cookie;
  if (typeof originalMaxAge !== "number") return cookie;
  const expires = new Date(Date.now() + originalMaxAge).toISOString();
  return "originalExpires" in cookie ? { ...cookie, expires, originalExpires: expires } : { ...cookie, expires };
}

/** express-session leaves out members that its own methods have the names of, and fills in the cookie. */
function asCreated(image: Image, session: object): Image {
  const members = new Map([...image.members].filter(([name]) => Object.hasOwn(session, name)));
  return { ...image, members, cookie: cookieOf(session) };
}

function markedIn(data: object): Handed | undefined {
  for (const symbol of Object.getOwnPropertySymbols(data)) {
    const value: unknown = data[symbol as never];
    if (typeof value === "object" && value !== null && mark in value) return value[mark] as Handed; // it is ours
  }
  return (data as { cookie?: { [mark]?: Handed } }).cookie?.[mark];
}

/** Hands the result to the callback if there is one. What the callback throws is its own, and goes where it would without us. */
async function answer<Result>(
  callback: ExpressStoreCallback<Result> | undefined,
  act: () => Promise<Result>,
): Promise<Result> {
  const result = act();
  if (callback === undefined) return result;
  result.then(
    (value) => process.nextTick(callback, null, value),
    (error: unknown) => process.nextTick(callback, error),
  );
  return result.catch(() => undefined as Result); // it was told
}
