import { type SessionData, Store } from "express-session";
import {
  isSessionError,
  type ListingSessionHandler,
  type Session,
  SessionError,
  type SessionManager,
} from "sessionwire";
import { canList, clockOf, recordOf } from "sessionwire/backend";
import { type Baseline, BaselineRegistry } from "./baseline.ts";
import { attempt, callbackify, type ExpressStoreCallback } from "./callbackify.ts";
import { type CookieObject, cookieOf, isChanged } from "./cookie.ts";
import { forEach, listIds } from "./listing.ts";
import { recordChanges } from "./merge.ts";
import { imageOf, noFlashes, type SessionImage } from "./session-image.ts";

/**
 * A store for express-session.
 *
 * @remarks
 * Methods take a callback, as express-session calls them, or return a promise where there is none.
 *
 * @public
 */
export interface ExpressStore<Attributes extends object = ExpressAttributes> extends Store {
  /** The sessions in the store, for counters and everything outside of requests: `sessions.update(req.sessionID, …)`. */
  readonly sessions: SessionManager<Attributes>;
  /** The session as express-session takes it, or `undefined` where there is none. A callback may say what it expects. */
  get<Data = SessionData>(sid: string, callback?: ExpressStoreCallback<Data>): Promise<SessionData | undefined>;
  /** Stores what is different from what was handed out; of a session that was not, all there is. */
  set(sid: string, data: ExpressSessionLike, callback?: ExpressStoreCallback): Promise<void>;
  /** Restarts the time to live, and stores a cookie that was changed. */
  touch(sid: string, data: ExpressSessionLike, callback?: ExpressStoreCallback): Promise<void>;
  /** Ends the session. */
  destroy(sid: string, callback?: ExpressStoreCallback): Promise<void>;
  /**
   * The ids of all sessions, but for those with a colon, which may be another application's. This and the next three walk the
   * whole store; they are there if the handler can list.
   */
  ids?(callback?: ExpressStoreCallback<string[]>): Promise<string[]>;
  /** All sessions, each with its `id`. */
  all?(callback?: ExpressStoreCallback<ListedSession[]>): Promise<ListedSession[]>;
  /** The number of keys that can be those of sessions. */
  length?(callback?: ExpressStoreCallback<number>): Promise<number>;
  /** Ends all sessions, and leaves alone what is none. */
  clear?(callback?: ExpressStoreCallback): Promise<void>;
}

/**
 * The attributes that the application has declared for `req.session`, by `declare module "express-session" { interface SessionData {…} }`;
 * where it has declared nothing, anything.
 *
 * @public
 */
export type ExpressAttributes = keyof SessionData extends "cookie"
  ? Record<string, unknown>
  : Omit<SessionData, "cookie">;

/**
 * A session of express-session, or of \@fastify/session, which declare their members apart.
 *
 * @public
 */
export type ExpressSessionLike = SessionData | { readonly cookie: object };

/**
 * A session as {@link ExpressStore.all} gives it.
 *
 * @public
 */
export type ListedSession = SessionData & { id: string };

type Request = Parameters<Store["createSession"]>[0];

/** express-session touches at the end of a request. */
const asItIs = { keepAlive: false };

/** As long as those who wait for a change of a session wait for one answer of the store. */
const MAX_CREATION_MS = 10_000;

export class ConditionalStore extends Store implements ExpressStore {
  readonly sessions: SessionManager;
  readonly #onGone: "ignore" | "error";
  readonly #baselines = new BaselineRegistry();
  /** What was not handed out and is being stored. */
  readonly #creating = new Map<string, Promise<void>>();
  declare ids?: NonNullable<ExpressStore["ids"]>;
  declare all?: NonNullable<ExpressStore["all"]>;
  declare length?: NonNullable<ExpressStore["length"]>;
  declare clear?: NonNullable<ExpressStore["clear"]>;
  /** Set by express-session. */
  declare generate: (request: Request) => void;

  constructor(sessions: SessionManager, onGone: "ignore" | "error") {
    super();
    this.sessions = sessions;
    this.#onGone = onGone;
    const { handler } = sessions;
    if (canList(handler)) this.#list(handler);
    // So that they find what is private also where they are called on a Proxy, or on an object that inherits from this one.
    this.get = this.get.bind(this);
    this.set = this.set.bind(this);
    this.touch = this.touch.bind(this);
    this.destroy = this.destroy.bind(this);
    this.createSession = this.createSession.bind(this);
    this.regenerate = regenerateBy((sid, successor) => this.#destroy(sid, successor));
  }

  get<Data = SessionData>(sid: string, callback?: ExpressStoreCallback<Data>): Promise<SessionData | undefined> {
    return callbackify(callback as ExpressStoreCallback<SessionData | undefined>, this.#get(sid)); // it is stored as it is
  }

  set(sid: string, data: ExpressSessionLike, callback?: ExpressStoreCallback): Promise<void> {
    return callbackify(
      callback,
      attempt(() => this.#set(sid, data)),
    );
  }

  override touch(sid: string, data: ExpressSessionLike, callback?: ExpressStoreCallback): Promise<void> {
    return callbackify(
      callback,
      attempt(() => this.#touch(sid, data)),
    );
  }

  destroy(sid: string, callback?: ExpressStoreCallback): Promise<void> {
    return callbackify(callback, this.#destroy(sid));
  }

  override createSession(
    request: Request,
    data: Parameters<Store["createSession"]>[1],
  ): ReturnType<Store["createSession"]> {
    const session = super.createSession(request, data);
    this.#baselines.adopt(data, session);
    return session;
  }

  #list(handler: ListingSessionHandler): void {
    const ids = () => listIds(handler, this.sessions);
    const dataOf = (id: string) => this.#get(id, { id }) as Promise<ListedSession | undefined>;
    const end = async (id: string) => {
      const isSession = (await this.sessions.open(id, asItIs)) !== undefined; // or corrupt
      if (isSession) await this.#destroy(id);
    };
    this.ids = (callback) => callbackify(callback, ids());
    this.all = (callback) =>
      callbackify(
        callback,
        ids().then((found) => forEach(found, dataOf)),
      );
    this.length = (callback) =>
      callbackify(
        callback,
        ids().then((found) => found.length),
      );
    this.clear = (callback) =>
      callbackify(
        callback,
        ids().then(async (found) => void (await forEach(found, end))),
      );
  }

  #get(sid: string, more?: { readonly id: string }): Promise<SessionData | undefined> {
    return this.sessions
      .open(sid, asItIs)
      .then((session) => session && this.#baselines.handOut(session, this.sessions.format, more));
  }

  /** What it stores is what the session looks like when it is called. */
  #set(sid: string, data: object): Promise<void> {
    checkId(sid);
    const baseline = this.#creating.has(sid) ? undefined : this.#baselines.find(sid, data);
    const now = imageOf(data, baseline?.image);
    if (baseline === undefined) return this.#createInTurn(sid, data, now);
    this.#change(baseline, now);
    return this.#save(baseline.session);
  }

  /** Waits for a creation under way first: it may be of the same object. */
  #createInTurn(sid: string, data: object, now: SessionImage): Promise<void> {
    const creating = this.#created(sid).then(() => this.#create(sid, data, now));
    this.#creating.set(sid, creating);
    return creating.finally(() => {
      if (this.#creating.get(sid) === creating) this.#creating.delete(sid);
    });
  }

  /** A session that express-session has made, or that somebody brings along: it is created, or laid over what is there. */
  async #create(sid: string, data: object, now: SessionImage): Promise<void> {
    const session = await this.sessions.create({ id: sid });
    const baseline = this.#baselines.find(sid, data) ?? { session, image: undefined };
    this.#baselines.add(data, baseline);
    this.#change(baseline, now);
    // Without a member and a cookie it is a session all the same.
    if (session.isNew && !session.isChanged) session.metadata.set("cookie", session.metadata.get("cookie"));
    await this.#save(baseline.session);
  }

  #change(baseline: Baseline, now: SessionImage): void {
    const { session, image } = baseline;
    const wasChanged = session.isChanged;
    try {
      recordChanges(session, image, now);
    } catch (error) {
      if (!wasChanged) session.discard(); // of what cannot be stored as a whole, no part is stored by the next save
      throw error;
    }
    // The recorded changes stay recorded even if the save fails.
    baseline.image = now.cookie ? now : { ...now, cookie: image?.cookie };
  }

  #touch(sid: string, data: object): Promise<void> {
    const cookie = cookieOf(data);
    const baseline = this.#baselines.find(sid, data);
    if (baseline) return this.#touchBy(baseline, cookie);
    return this.#lookUp(sid).then((found) => found && this.#touchBy(found, cookie));
  }

  #touchBy(baseline: Baseline, cookie: CookieObject | undefined): Promise<void> {
    const { image, session } = baseline;
    if (image && isChanged(image.cookie, cookie)) this.#change(baseline, { ...image, cookie });
    return this.#save(session);
  }

  /** Of what was not handed out, only the cookie can be touched. */
  async #lookUp(sid: string): Promise<Baseline | undefined> {
    const session = await this.sessions.open(sid, asItIs);
    if (session === undefined) return undefined;
    const cookie = recordOf(session).metadata.get("cookie") as CookieObject; // the format sees to it
    return { session, image: { attributes: new Map(), flashes: noFlashes, cookie } };
  }

  #save(session: Session): Promise<void> {
    const saving = session.isChanged ? session.save() : session.touch();
    return this.#onGone === "error" ? saving : saving.catch(unlessGone);
  }

  /** A session that is just being created must not be ended too early. */
  async #destroy(sid: string, successor?: string): Promise<void> {
    await this.#created(sid);
    await this.sessions.destroy(sid, { successor });
  }

  /** Resolves when what is being created is there, has failed, or has taken so long that others go on without it. */
  async #created(sid: string): Promise<void> {
    const creating = this.#creating.get(sid);
    if (creating === undefined) return;
    let cancelTimer = () => {};
    const late = new Promise<void>((resolve) => {
      cancelTimer = clockOf(this.sessions).schedule(resolve, MAX_CREATION_MS);
    });
    await Promise.race([creating.catch(() => {}), late]); // it has its own caller
    cancelTimer();
  }
}

/**
 * The new id is made first, so that whoever has to do with the old one can be told of it. It is made by what this is called on, to which
 * express-session has given `generate`.
 */
function regenerateBy(end: (sid: string, successor: string) => Promise<void>): Store["regenerate"] {
  return function regenerate(this: Pick<ConditionalStore, "generate">, request, callback) {
    const previousId = request.sessionID;
    this.generate(request);
    callbackify(callback, end(previousId, request.sessionID));
  };
}

/** The types promise a text, and an application may hand over whatever its own `genid` makes. */
function checkId(sid: unknown): void {
  if (typeof sid === "string") return;
  throw new SessionError("invalid-id", "The id of a session must be a text.", { outcome: "not-applied" });
}

function unlessGone(error: unknown): void {
  if (!isSessionError(error) || error.code !== "gone") throw error;
}
