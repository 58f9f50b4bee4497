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
import { Creations } from "./creations.ts";
import type { ExpressSessionLike, ExpressStore, ListedSession } from "./express-store.ts";
import { listIds, listingMethods } from "./listing.ts";
import { recordChanges } from "./merge.ts";
import { imageOf, noFlashes, type SessionImage } from "./session-image.ts";

type Request = Parameters<Store["createSession"]>[0];

/** The options for opening a session without touching it: express-session touches at the end of a request. */
const asItIs = { keepAlive: false };

export class ConditionalStore extends Store implements ExpressStore {
  readonly sessions: SessionManager;
  readonly #onGone: "ignore" | "error";
  readonly #baselines = new BaselineRegistry();
  /** The creations under way, of sessions that were not handed out. */
  readonly #creations: Creations;
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
    this.#creations = new Creations(clockOf(sessions));
    const { handler } = sessions;
    if (canList(handler)) this.#list(handler);
    // Bound, so that they reach the private members even when called on a Proxy or on an object that inherits from this
    // one.
    this.get = this.get.bind(this);
    this.set = this.set.bind(this);
    this.touch = this.touch.bind(this);
    this.destroy = this.destroy.bind(this);
    this.createSession = this.createSession.bind(this);
    this.regenerate = regenerateBy((sid, successor) => this.#destroy(sid, successor));
  }

  get<Data = SessionData>(sid: string, callback?: ExpressStoreCallback<Data>): Promise<SessionData | undefined> {
    return callbackify(callback as ExpressStoreCallback<SessionData | undefined>, this.#get(sid)); // typed as the caller expects, which cannot be checked
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
    const dataOf = (id: string) => this.#get(id, { id }) as Promise<ListedSession | undefined>;
    const end = async (id: string) => {
      const isSession = await this.sessions.open(id, asItIs).then((session) => session !== undefined, isRefused);
      if (isSession) await this.#destroy(id);
    };
    Object.assign(
      this,
      listingMethods(() => listIds(handler, this.sessions), dataOf, end),
    );
  }

  #get(sid: string, more?: { readonly id: string }): Promise<SessionData | undefined> {
    return this.sessions
      .open(sid, asItIs)
      .then((session) => session && this.#baselines.handOut(session, this.sessions.format, more));
  }

  /** Stores the session as it looks at the time of the call. */
  #set(sid: string, data: object): Promise<void> {
    checkId(sid);
    const baseline = this.#creations.has(sid) ? undefined : this.#baselines.find(sid, data);
    const now = imageOf(data, baseline?.image);
    if (baseline === undefined) return this.#creations.run(sid, () => this.#create(sid, data, now));
    this.#change(baseline, now);
    return this.#save(baseline.session);
  }

  /** Creates a session that express-session made or the application brought along, or merges it into the stored one. */
  async #create(sid: string, data: object, now: SessionImage): Promise<void> {
    const session = await this.sessions.create({ id: sid });
    const baseline = this.#baselines.find(sid, data) ?? { session, image: undefined };
    this.#baselines.add(data, baseline);
    this.#change(baseline, now);
    // A session without members and without a cookie still has to be stored.
    if (session.isNew && !session.isChanged) session.metadata.set("cookie", session.metadata.get("cookie"));
    await this.#save(baseline.session);
  }

  #change(baseline: Baseline, now: SessionImage): void {
    const { session, image } = baseline;
    const wasChanged = session.isChanged;
    try {
      recordChanges(session, image, now);
    } catch (error) {
      if (!wasChanged) session.discard(); // if recording fails half-way, the next save must not store a part
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

  /** Looks up a session that was not handed out, of which only the cookie can be touched. */
  async #lookUp(sid: string): Promise<Baseline | undefined> {
    const session = await this.sessions.open(sid, asItIs);
    if (session === undefined) return undefined;
    const cookie = recordOf(session).metadata.get("cookie") as CookieObject; // guaranteed by the format
    return { session, image: { attributes: new Map(), flashes: noFlashes, cookie } };
  }

  #save(session: Session): Promise<void> {
    const saving = session.isChanged ? session.save() : session.touch();
    return this.#onGone === "error" ? saving : saving.catch(unlessGone);
  }

  /** Ends a session. One that is just being created must not be ended before it exists. */
  async #destroy(sid: string, successor?: string): Promise<void> {
    await this.#creations.wait(sid);
    await this.sessions.destroy(sid, { successor });
  }
}

/**
 * Makes the new id first, so that all users of the old one can be told of it. `generate`, which express-session sets,
 * is called on the same object as this function.
 */
function regenerateBy(end: (sid: string, successor: string) => Promise<void>): Store["regenerate"] {
  return function regenerate(this: Pick<ConditionalStore, "generate">, request, callback) {
    const previousId = request.sessionID;
    this.generate(request);
    callbackify(callback, end(previousId, request.sessionID));
  };
}

/** Checks an id. The types promise a string, but an application may pass whatever its own `genid` returns. */
function checkId(sid: unknown): void {
  if (typeof sid === "string") return;
  throw new SessionError("invalid-id", "The id of a session must be a string.", { outcome: "not-applied" });
}

/** A session that the schema refuses is one; bytes that are corrupt may be anything. */
function isRefused(error: unknown): true {
  if (isSessionError(error) && error.code === "invalid") return true;
  throw error;
}

function unlessGone(error: unknown): void {
  if (!isSessionError(error) || error.code !== "gone") throw error;
}
