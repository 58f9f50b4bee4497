import { scheduleDeadline } from "../../clock.ts";
import { isNamedIn } from "../../cookie/cookie-header.ts";
import { isSessionError } from "../../errors.ts";
import type { Session } from "../../session/session.ts";
import type { HandshakeRequest } from "../binding.ts";
import type { SessionRegistry } from "../session-end/session-registry.ts";
import type { TrackedSession } from "../session-end/tracked-session.ts";
import type { Settings } from "../settings.ts";
import type { SocketGroup } from "../socket-group.ts";
import { Refusal } from "./refusal.ts";

/** Decides if a request may have a socket, and for which session. Cheap checks come first, and none after the deadline. */
export class Handshake {
  readonly request: HandshakeRequest;
  readonly #registry: SessionRegistry;
  readonly #settings: Settings;
  readonly #controller = new AbortController();
  readonly #groups: SocketGroup[] = [];
  #tracked: TrackedSession | undefined;
  #hasLeft = false;
  #stopWaiting = () => {};

  constructor(request: HandshakeRequest, registry: SessionRegistry, settings: Settings) {
    this.request = request;
    this.#registry = registry;
    this.#settings = settings;
  }

  get tracked(): TrackedSession {
    if (this.#tracked === undefined) throw new Error("The handshake has no session yet.");
    return this.#tracked;
  }

  /** The groups in which it holds a place. */
  get groups(): readonly SocketGroup[] {
    return this.#groups;
  }

  /** `true` once it holds no place any more. */
  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  giveUp(refusal: Refusal): void {
    this.#controller.abort(refusal);
  }

  /** Passes its place on to a socket, or gives it back. */
  readonly leave = (): void => {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#stopWaiting();
    for (const group of this.#groups) group.leave();
  };

  /**
   * Holds its place for a socket until the client leaves; without a signal that says so, for the maximum time of a
   * handshake.
   */
  keepPlace(signal: AbortSignal | undefined): void {
    const { clock, handshakeTimeoutMs } = this.#settings;
    if (signal?.aborted) this.leave();
    else if (signal === undefined) this.#stopWaiting = clock.schedule(this.leave, handshakeTimeoutMs);
    else {
      signal.addEventListener("abort", this.leave);
      this.#stopWaiting = () => signal.removeEventListener("abort", this.leave);
    }
  }

  /** Rejects with a {@link Refusal}, or with the error that a function of the application has thrown. */
  async run(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw new Refusal("left");
    const { clock, handshakeTimeoutMs } = this.#settings;
    const onGone = () => this.giveUp(new Refusal("left"));
    signal?.addEventListener("abort", onGone);
    const cancelTimer = scheduleDeadline(clock, () => this.giveUp(new Refusal("timeout")), handshakeTimeoutMs);
    try {
      // Work that continues after the handshake was given up is dropped, together with any rejection.
      await Promise.race([this.#check(), rejectOnAbort(this.#controller.signal)]);
    } finally {
      cancelTimer();
      signal?.removeEventListener("abort", onGone);
    }
  }

  async #check(): Promise<void> {
    const { isAllowed, sessions } = this.#settings;
    if (!this.request.isOriginChecked && !(await isAllowed(this.request))) throw new Refusal("origin");
    const id = (await this.#authenticate()) ?? (await this.#findId());
    if (!sessions.format.isId(id)) throw new Refusal("no-session");
    this.#tracked = await this.#registry.join(id);
    this.#enter(this.#tracked.group);
    const session = await this.#open(true);
    await this.#joinUser(session);
    await this.#authorize(session);
  }

  /** Returns the id given by the application or a ticket; `undefined`: the cookie decides. */
  async #authenticate(): Promise<string | undefined> {
    const { authenticate, sessions } = this.#settings;
    const claim: unknown = await authenticate?.(this.request.raw, this.request.auth);
    if (claim === undefined) return undefined;
    if (typeof claim === "object" && claim !== null && "ticket" in claim) return this.#redeem(claim.ticket);
    if (typeof claim !== "object" || claim === null || !("id" in claim)) {
      throw new TypeError("authenticate must return `{ id }`, `{ ticket }` or undefined.");
    }
    if (typeof claim.id !== "string" || !sessions.format.isId(claim.id)) throw new Refusal("no-session");
    return claim.id;
  }

  /**
   * Checks the type, because a client may send anything as a ticket. A ticket whose deadline passes before the lookup
   * stays unused.
   */
  async #redeem(ticket: unknown): Promise<string> {
    if (typeof ticket !== "string") throw new Refusal("bad-ticket");
    const { signal } = this.#controller;
    const redeeming = this.#settings.sessions.tickets.redeem(ticket, { silent: true, signal });
    const session = await redeeming.catch((error: unknown) => {
      throw isSessionError(error) ? new Refusal("unavailable", error) : error;
    });
    if (session === undefined) throw new Refusal("bad-ticket");
    return session.id;
  }

  async #findId(): Promise<string> {
    const { cookie } = this.#settings;
    const header = this.request.header("cookie");
    const id = cookie.parseAll ? await this.#findLiving(await cookie.parseAll(header)) : await cookie.parse(header);
    if (id !== undefined) return id;
    const isThere = cookie.name !== undefined && isNamedIn(cookie.name, header);
    throw new Refusal(isThere ? "bad-cookie" : "no-cookie");
  }

  /**
   * Returns the id that leads to a session, if exactly one does: browsers may still have an older cookie with another
   * path or domain.
   */
  async #findLiving(ids: readonly string[]): Promise<string | undefined> {
    if (ids.length < 2) return ids[0];
    const { sessions } = this.#settings;
    const options = { keepAlive: false, silent: true, signal: this.#controller.signal };
    const found = await Promise.all(ids.map((id) => sessions.open(id, options))).catch((error: unknown) => {
      throw new Refusal("unavailable", error);
    });
    const [id, ...others] = ids.filter((_, index) => found[index] !== undefined);
    if (id === undefined) throw new Refusal("no-session");
    if (others.length > 0) throw new Refusal("ambiguous-cookie");
    return id;
  }

  async #joinUser(session: Session): Promise<void> {
    const user = this.#settings.userOf?.(session);
    if (user !== undefined) this.#enter(await this.#registry.joinUser(user));
  }

  /** Adds a group. The handshake may have been given up during the search for a place. */
  #enter(group: SocketGroup): void {
    if (this.#hasLeft) group.leave();
    else this.#groups.push(group);
  }

  async #open(keepAlive: boolean): Promise<Session> {
    const { key } = this.tracked; // it may get another one in the meantime
    const opening = this.tracked.open(keepAlive, this.#controller.signal);
    const session = await opening.catch((error: unknown) => Promise.reject(new Refusal("unavailable", error)));
    if (session === undefined) throw new Refusal(this.#registry.isRetired(key) ? "old-id" : "no-session");
    return session;
  }

  /** Authorizes the session, then opens it again, because it may have ended elsewhere in the meantime. */
  async #authorize(session: Session): Promise<void> {
    const { authorize } = this.#settings;
    if (authorize === undefined) return;
    if ((await authorize(session, this.request.raw)) !== true) throw new Refusal("forbidden");
    await this.#open(false);
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
