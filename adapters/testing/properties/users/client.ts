import { isSessionError, type Session, type SessionManager } from "sessionwire";
import { holds } from "../contract.ts";
import type { Login, UserLedger } from "./ledger.ts";

/** The actions of a client, in words. */
export const userSteps = [
  "sign in",
  "sign in",
  "sign in under a new id",
  "move",
  "move",
  "change",
  "use",
  "leave",
  "become the other one",
  "sign out",
  "end all",
  "end all",
  "end all others",
  "end the oldest",
  "take over another session",
] as const;

export type UserStep = (typeof userSteps)[number];

/** Works with sessions of two users, step by step, and checks every answer. */
export class UserClient {
  readonly #name: string;
  readonly #sessions: SessionManager;
  readonly #ledger: UserLedger;
  readonly #whenFull: "end-oldest" | "refuse";
  /** `true` if messages are neither lost nor refused, so that nothing fails because of the network. */
  readonly #isCalm: boolean;
  #login: Login | undefined;
  #session: Session | undefined;
  #user = "ada";

  constructor(
    name: string,
    sessions: SessionManager,
    ledger: UserLedger,
    { whenFull, isCalm }: { readonly whenFull: "end-oldest" | "refuse"; readonly isCalm: boolean },
  ) {
    this.#name = name;
    this.#sessions = sessions;
    this.#ledger = ledger;
    this.#whenFull = whenFull;
    this.#isCalm = isCalm;
  }

  async follow(plan: readonly string[]): Promise<void> {
    for (const step of plan) await this.#take(step as UserStep);
  }

  async #take(step: UserStep): Promise<void> {
    if (step === "sign in" || step === "sign in under a new id") return this.#signIn(step);
    if (step === "take over another session") return this.#takeOver();
    if (step === "end all" || step === "end all others") return this.#endAll(step);
    if (step === "end the oldest") return this.#endOldest(step);
    const [login, session] = [this.#login, this.#session];
    if (login === undefined || session === undefined || session.hasEnded) return;
    if (step === "move") await this.#attempt(step, login, () => session.regenerate());
    if (step === "use") await this.#attempt(step, login, () => session.touch());
    if (step === "change") {
      session.set(this.#name, `${this.#ledger.history.length}`);
      await this.#attempt(step, login, () => session.save());
    }
    if (step === "leave") await this.#rebind(step, login, session, undefined);
    if (step === "become the other one") await this.#rebind(step, login, session, this.#other());
    if (step === "sign out") await this.#attempt(step, login, () => session.destroy());
    await this.#tell(login, session);
  }

  async #signIn(step: UserStep): Promise<void> {
    const tag = `${this.#name}-${this.#ledger.logins.length + 1}`;
    const login: Login = { tag, ids: new Set(), user: undefined, isUnknown: false, binding: 0, bindings: 0 };
    this.#ledger.logins.push(login);
    const session = await this.#sessions.create();
    this.#login = login;
    this.#session = session;
    session.set("tag", tag);
    if (step === "sign in under a new id" && !(await this.#attempt("begin", login, () => session.save()))) return;
    await this.#rebind(step, login, session, this.#user);
    await this.#tell(login, session);
  }

  async #rebind(step: string, login: Login, session: Session, user: string | undefined): Promise<void> {
    if (user === undefined) session.delete("user");
    else session.set("user", user);
    const end = this.#ledger.bind(login);
    const isMoving = step === "sign in under a new id";
    const error = await this.#attempt(step, login, () => (isMoving ? session.regenerate() : session.save()), true);
    end(error === true ? "done" : error, user);
    if (error !== true) session.discard(); // otherwise the next save would try again
  }

  /** Returns `true`, or the outcome of a failure. A failure without a reason breaks a law. */
  async #attempt(
    step: string,
    login: Login,
    run: () => Promise<unknown>,
    mayBeTooMany = false,
  ): Promise<true | "not-applied" | "unknown"> {
    this.#ledger.note(`${this.#name}: ${step} ${login.tag}`);
    try {
      await run();
      this.#ledger.note(`${this.#name}: done, ${step} ${login.tag}`);
      return true;
    } catch (error) {
      if (!isSessionError(error)) throw error;
      this.#ledger.note(`${this.#name}: ${error.code} (${error.outcome}), ${step} ${login.tag}`);
      const isFull = error.code === "too-many" && mayBeTooMany && this.#whenFull === "refuse";
      const isUsual = isFull || error.code === "gone" || error.code === "conflict";
      holds(124, isUsual || !this.#isCalm, `${step} rejects with ${error.code}`);
      return error.outcome === "unknown" ? "unknown" : "not-applied";
    }
  }

  async #endAll(step: UserStep): Promise<void> {
    const except = step === "end all others" && this.#session && !this.#session.hasEnded ? this.#session : undefined;
    const doomed = this.#ledger.toEnd(this.#user, except && this.#login);
    this.#ledger.note(`${this.#name}: ${step} of ${this.#user}`);
    try {
      await this.#sessions.ofUser(this.#user).endAll({ except });
      this.#ledger.note(`${this.#name}: done, ${step} of ${this.#user}`);
      this.#ledger.ended(doomed);
    } catch (error) {
      if (!isSessionError(error)) throw error;
      this.#ledger.note(`${this.#name}: ${error.code} (${error.outcome}), ${step} of ${this.#user}`);
      holds(125, error.code === "conflict" || !this.#isCalm, `${step} rejects with ${error.code}`);
    }
  }

  async #endOldest(step: UserStep): Promise<void> {
    this.#ledger.note(`${this.#name}: ${step} of ${this.#user}`);
    try {
      const ofUser = this.#sessions.ofUser(this.#user);
      const [oldest] = await ofUser.list();
      if (oldest) await ofUser.end(oldest.handle);
    } catch (error) {
      if (!isSessionError(error)) throw error;
      holds(125, error.code === "conflict" || !this.#isCalm, `${step} rejects with ${error.code}`);
    }
  }

  async #takeOver(): Promise<void> {
    const { logins } = this.#ledger;
    const login = logins[logins.length - 1];
    const id = login && [...login.ids].at(-1);
    if (login === undefined || id === undefined) return;
    this.#ledger.note(`${this.#name}: open ${login.tag}`);
    const session = await this.#sessions.open(id).catch((error) => {
      if (!isSessionError(error) || this.#isCalm) throw error;
      return undefined;
    });
    if (session === undefined || session.get("tag") !== login.tag) return;
    this.#login = login;
    this.#session = session;
  }

  async #tell(login: Login, session: Session): Promise<void> {
    login.ids.add(session.id);
    this.#ledger.toldKeys.add(await this.#sessions.format.keyOf(session.id));
  }

  #other(): string {
    this.#user = this.#user === "ada" ? "bob" : "ada";
    return this.#user;
  }
}
