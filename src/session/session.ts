import type { RunningCall } from "../backend/call.ts";
import { checkCount, checkOptionNames, checkSignal } from "../backend/checks.ts";
import type { OperationOptions } from "../handler.ts";
import { Draft } from "./draft.ts";
import { runOnInstance } from "./instance.ts";
import { regenerate } from "./regenerate.ts";
import type { SessionContext, SessionLocation } from "./session-context.ts";
import type { SessionDraft } from "./session-draft.ts";
import { destroy, refresh, touch } from "./session-operations.ts";
import { SessionSaves } from "./session-saves.ts";
import { SessionState } from "./session-state.ts";
import type { Snapshot } from "./storage/snapshot.ts";

/**
 * A session that was opened or created: what was seen of it, and what has been changed since.
 *
 * @remarks
 * - Changes are recorded and stored by `save`. When somebody else has changed the session meanwhile, they are made again on
 *   what is there now: of one attribute the last that is saved stays, changes of different attributes all do.
 * - Methods that reach the store reject with a {@link SessionError}. A session that has ended in the meantime says `gone`, and
 *   nothing brings it back.
 * - A save that fails keeps the changes, and may be tried again: what was applied after all is not applied twice. Where that
 *   can no longer be told, and it would make a difference (the log holds the function of an `update` or a flash), it rejects
 *   with `outcome: "unknown"` until the changes are discarded.
 *
 * @public
 */
export interface Session<Attributes extends object = Record<string, unknown>> extends SessionDraft<Attributes> {
  /** Whether it has never been stored. */
  readonly isNew: boolean;
  /** Whether there are changes that are not known to be stored. */
  readonly isChanged: boolean;
  /** Whether it is known to have ended. */
  readonly hasEnded: boolean;
  /** How long it lives when it is used now, and not again; whole seconds, rounded up. 0: it has ended. */
  readonly ttlSeconds: number;

  /**
   * Stores the changes, in one round trip; without any, nothing is sent.
   *
   * @remarks
   * A new session may get another id when it is not known whether it was stored under the one it had. So hand out the id
   * after the save.
   */
  save(options?: OperationOptions): Promise<void>;
  /** Looks at what is stored now, with the unsaved changes laid over it. */
  refresh(options?: OperationOptions): Promise<void>;
  /** Forgets the unsaved changes. What it shows then is what was seen last; `refresh` looks again. */
  discard(): void;
  /** Restarts the time to live, unless that has been done a moment ago. */
  touch(options?: OperationOptions): Promise<void>;
  /**
   * Moves the session to a new id, with everything in it and the unsaved changes, which are stored by it; the old id ends at
   * once. To be called at every sign-in and change of privileges. (OWASP ASVS 5.0, 7.2.4)
   *
   * @remarks
   * A session that was never stored gets another id and is saved. A `graceSeconds` out of range is a `RangeError`, and one above
   * 0 in a format without grace times a `TypeError`.
   *
   * Of two that do so at the same time, one succeeds and the other rejects with `gone`. When it fails, the old id is still
   * good, but for an `outcome` of `"unknown"`.
   */
  regenerate(options?: RegenerateOptions): Promise<void>;
  /** Ends the session, for everybody. Ending one that has ended resolves. */
  destroy(options?: OperationOptions): Promise<void>;
  /** Ends the session, and makes this an empty new one under a new id. */
  invalidate(options?: OperationOptions): Promise<void>;
}

/**
 * The options of {@link Session.regenerate}.
 *
 * @public
 */
export interface RegenerateOptions extends OperationOptions {
  /**
   * Lets the old id lead to the session for so many seconds more, up to 30, to read it; for requests that are under way with
   * the old cookie. Never at a change of privileges. Native format only.
   *
   * @defaultValue 0: the old id ends at once
   */
  readonly graceSeconds?: number | undefined;
}

const MAX_GRACE_SECONDS = 30;
const optionNames = ["signal"];

export class RecordedSession extends Draft implements Session {
  static {
    runOnInstance(RecordedSession, ["save", "refresh", "touch", "destroy"]);
  }

  readonly #state: SessionState;
  readonly #saves: SessionSaves;

  constructor(context: SessionContext, location: SessionLocation, snapshot: Snapshot | undefined) {
    const state = new SessionState(context, location, snapshot);
    super(state);
    this.#state = state;
    this.#saves = new SessionSaves(state);
  }

  get isNew(): boolean {
    return this.#state.isNew;
  }

  get isChanged(): boolean {
    return !this.#state.log.isEmpty;
  }

  get hasEnded(): boolean {
    return this.#state.hasEnded;
  }

  get ttlSeconds(): number {
    return this.#state.ttlSeconds;
  }

  save(options: OperationOptions = {}): Promise<void> {
    const { log } = this.#state;
    log.close();
    const sets = log.all();
    return this.#inTurn("save", options, (call) => this.#saves.save(sets, call));
  }

  refresh(options: OperationOptions = {}): Promise<void> {
    return this.#inTurn("refresh", options, () => refresh(this.#state, options.signal));
  }

  discard(): void {
    this.#state.discard();
  }

  touch(options: OperationOptions = {}): Promise<void> {
    return this.#run("touch", options, (call) => touch(this.#state, this.#saves, options.signal, call));
  }

  async regenerate({ graceSeconds = 0, ...options }: RegenerateOptions = {}): Promise<void> {
    checkCount("graceSeconds", graceSeconds, 0, MAX_GRACE_SECONDS);
    const { format } = this.#state;
    if (graceSeconds > 0 && !format.keepsForwards) throw new TypeError(`The ${format.name} format has no grace time.`);
    this.#state.log.close();
    await this.#inTurn("regenerate", options, (call) => regenerate(this.#state, this.#saves, graceSeconds, call));
  }

  destroy(options: OperationOptions = {}): Promise<void> {
    return this.#inTurn("destroy", options, (call) => destroy(this.#state, call));
  }

  async invalidate(options: OperationOptions = {}): Promise<void> {
    await this.#inTurn("invalidate", options, async (call) => {
      await destroy(this.#state, call);
      await this.#state.begin();
    });
  }

  /** What reaches the store goes one after the other. What was given up keeps its turn until it has really ended. */
  #inTurn(method: string, options: OperationOptions, run: (call: RunningCall) => Promise<void>): Promise<void> {
    return this.#run(method, options, (call) => this.#saves.inTurn(call, run));
  }

  #run(method: string, options: OperationOptions, run: (call: RunningCall) => Promise<void>): Promise<void> {
    try {
      checkOptionNames(method, options, optionNames);
      checkSignal(options.signal);
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#state.context.calls.run(options.signal, run);
  }
}
