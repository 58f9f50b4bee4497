import { holds } from "../contract.ts";

/** A sign-in, and all that becomes of its session. The session keeps its tag under whatever id. */
export interface Login {
  readonly tag: string;
  /** All ids that anybody has been told. */
  readonly ids: Set<string>;
  /** Whose it is, as far as everything that was to make it somebody's has been answered. */
  user: string | undefined;
  /** Whether it may be somebody's, or another one's, of which nobody knows. */
  isUnknown: boolean;
  /** How many calls are under way that make it somebody's, or nobody's. */
  binding: number;
  /** How many such calls have begun. */
  bindings: number;
}

/** What must not be there any more. */
interface Doomed {
  readonly login: Login;
  readonly user: string;
  /** How many calls had begun that make it somebody's. */
  readonly bindings: number;
}

/** A session as the store holds it. */
export interface HeldSession {
  readonly tag: unknown;
  readonly user: unknown;
}

/** What those who work with the sessions of some users were told, and what must therefore be there, or not. */
export class UserLedger {
  readonly logins: Login[] = [];
  readonly history: string[] = [];
  readonly #doomed: Doomed[] = [];
  readonly #maxSessions: number;
  readonly #isCalm: boolean;
  /** The sessions in the store, by key. */
  readonly held: Map<string, HeldSession> = new Map();
  /** The keys of ids that somebody has been told. A copy under another one leads nobody anywhere. */
  readonly toldKeys: Set<string> = new Set();

  /** Where no message is lost or late, no copy may be left under an id that nobody has been told. */
  constructor(maxSessions: number, isCalm: boolean) {
    this.#maxSessions = maxSessions;
    this.#isCalm = isCalm;
  }

  note(line: string): void {
    this.history.push(line);
  }

  /** Begins to make it somebody's, or nobody's. The function that it returns ends that, with what has become of it. */
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

  /** Of the user's sessions that are known to be, tells which must not be there when they have all been ended. */
  toEnd(user: string, except?: Login): Doomed[] {
    const doomed = this.logins.filter((login) => login !== except && login.user === user);
    return doomed
      .filter(({ binding, isUnknown }) => binding === 0 && !isUnknown)
      .map((login) => ({ login, user, bindings: login.bindings }));
  }

  /** All of these have been ended. */
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

  /** All is at rest. */
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
    holds(125, !isThere, `${login.tag} is there, and all sessions of ${user} had been ended`);
  }
}
