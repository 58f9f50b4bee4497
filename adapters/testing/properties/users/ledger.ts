import { holds } from "../contract.ts";

/** A sign-in, and the later states of its session. The session keeps its tag under every id. */
export interface Login {
  readonly tag: string;
  /** All ids that were reported to anyone. */
  readonly ids: Set<string>;
  /** The user it belongs to, provided that all calls that bind it have been answered. */
  user: string | undefined;
  /** `true` if its user is uncertain. */
  isUnknown: boolean;
  /** Number of calls under way that bind or unbind it. */
  binding: number;
  /** Number of such calls begun. */
  bindings: number;
}

/** A session that must no longer exist. */
interface Doomed {
  readonly login: Login;
  readonly user: string;
  /** Number of binding calls that had begun. */
  readonly bindings: number;
}

/** A session as the store holds it. */
export interface HeldSession {
  readonly tag: unknown;
  readonly user: unknown;
}

/**
 * The answers that callers working with the sessions of some users received, from which the sessions that must and must
 * not exist follow.
 */
export class UserLedger {
  readonly logins: Login[] = [];
  readonly history: string[] = [];
  readonly #doomed: Doomed[] = [];
  readonly #maxSessions: number;
  readonly #isCalm: boolean;
  /** The sessions in the store, by key. */
  readonly held: Map<string, HeldSession> = new Map();
  /** The keys of ids that were reported to anyone. A copy under another key leads nobody anywhere. */
  readonly toldKeys: Set<string> = new Set();

  /** `isCalm` means that no message is lost or late; then no copy may be left under an id that nobody was told. */
  constructor(maxSessions: number, isCalm: boolean) {
    this.#maxSessions = maxSessions;
    this.#isCalm = isCalm;
  }

  note(line: string): void {
    this.history.push(line);
  }

  /** Begins to bind or unbind it. The returned function ends that, with its outcome. */
  bind(login: Login): (outcome: "done" | "not-applied" | "unknown", user?: string) => void {
    login.binding += 1;
    login.bindings += 1;
    const before = login.bindings;
    return (outcome, user) => {
      login.binding -= 1;
      if (outcome === "unknown" || before !== login.bindings) login.isUnknown = true;
      else if (outcome === "done") login.user = user;
    };
  }

  /** Returns those of the user's known sessions that must not exist after all of them have been ended. */
  toEnd(user: string, except?: Login): Doomed[] {
    const doomed = this.logins.filter((login) => login !== except && login.user === user);
    return doomed
      .filter(({ binding, isUnknown }) => binding === 0 && !isUnknown)
      .map((login) => ({ login, user, bindings: login.bindings }));
  }

  /** Records that all of these have been ended. */
  ended(doomed: readonly Doomed[]): void {
    this.#doomed.push(...doomed);
    for (const each of doomed) this.#checkEnded(each);
  }

  /** Called whenever a session was stored. */
  stored(key: string, session: HeldSession): void {
    this.held.set(key, session);
    for (const each of this.#doomed) this.#checkEnded(each);
    this.#checkLimit(session.user);
  }

  /** Checks the state at rest. */
  checkEnds(): void {
    for (const each of this.#doomed) this.#checkEnded(each, true);
    for (const { user } of this.held.values()) this.#checkLimit(user);
  }

  #checkLimit(user: unknown): void {
    if (typeof user !== "string") return;
    const held = [...this.held].filter(([key, each]) => each.user === user && (this.#isCalm || this.toldKeys.has(key)));
    const tags = new Set(held.map(([, { tag }]) => tag));
    const settled = this.logins.filter(({ tag, binding, isUnknown }) => tags.has(tag) && binding === 0 && !isUnknown);
    holds(126, settled.length <= this.#maxSessions, `${user} has ${settled.map(({ tag }) => tag)}`);
  }

  #checkEnded({ login, user, bindings }: Doomed, areCopiesMeant = false): void {
    if (login.bindings !== bindings) return;
    const isThere = [...this.held].some(
      ([key, { tag, user: holder }]) =>
        tag === login.tag && holder === user && (areCopiesMeant || this.toldKeys.has(key)),
    );
    holds(125, !isThere, `${login.tag} exists, although all sessions of ${user} had been ended`);
  }
}
