import type { RunningCall } from "../backend/call.ts";
import { checkCount, checkOptionNames, checkSignal } from "../backend/checks.ts";
import type { ExclusiveTask } from "../backend/queued-task.ts";
import type { Turn } from "../backend/turn.ts";
import type { TurnQueue } from "../backend/turn-queue.ts";
import type { OperationOptions } from "../handler.ts";
import { Draft } from "./draft/draft.ts";
import { regenerate } from "./regenerate.ts";
import type { RegenerateOptions, Session } from "./session.ts";
import type { SessionContext, SessionLocation } from "./session-context.ts";
import { destroy, isJustTouched, refresh, touch } from "./session-operations.ts";
import { SessionSaves } from "./session-saves.ts";
import { SessionState } from "./session-state.ts";
import type { Snapshot } from "./storage/snapshot.ts";
import { runOnInstance } from "./wrappable.ts";

const MAX_GRACE_SECONDS = 30;
const optionNames = ["signal"];

/** Work of a session in the store, in a turn of its own. */
type Work = (call: RunningCall, turn: Turn<ExclusiveTask>) => Promise<void>;

/** A session that records its changes. Its calls that reach the store run one after the other. */
export class RecordedSession extends Draft implements Session {
  static override prepare(): void {
    Draft.prepare();
    runOnInstance(RecordedSession, ["save", "refresh", "touch", "destroy"]);
  }

  readonly #state: SessionState;
  readonly #saves: SessionSaves;
  #turns: TurnQueue | undefined;

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
    const sets = this.#state.log.close();
    return this.#inTurn("save", options, (call, turn) => this.#saves.save(sets, call, turn));
  }

  refresh(options: OperationOptions = {}): Promise<void> {
    return this.#inTurn("refresh", options, () => refresh(this.#state, options.signal));
  }

  discard(): void {
    this.#state.discard();
  }

  touch(options: OperationOptions = {}): Promise<void> {
    return this.#inTurn(
      "touch",
      options,
      (call) => touch(this.#state, options.signal, call),
      () => !this.#saves.isUnfinished && this.#turns?.isIdle !== false && isJustTouched(this.#state),
    );
  }

  async regenerate({ graceSeconds = 0, ...options }: RegenerateOptions = {}): Promise<void> {
    checkCount("graceSeconds", graceSeconds, 0, MAX_GRACE_SECONDS);
    const { format } = this.#state;
    if (graceSeconds > 0 && !format.storesForwards)
      throw new TypeError(`The ${format.name} format has no grace period.`);
    this.#state.log.close();
    await this.#inTurn("regenerate", options, (call, turn) =>
      regenerate(this.#state, this.#saves, graceSeconds, call, turn),
    );
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

  /**
   * Runs calls that reach the store one after the other, unless there is nothing to do. A cancelled call keeps its turn
   * until it has really ended.
   */
  #inTurn(method: string, options: OperationOptions, work: Work, isNeedless?: () => boolean): Promise<void> {
    try {
      checkOptionNames(method, options, optionNames);
      checkSignal(options.signal);
    } catch (error) {
      return Promise.reject(error);
    }
    const { calls, commits } = this.#state.context;
    return calls.run(options.signal, (call) => {
      if (isNeedless?.()) return Promise.resolve();
      this.#turns ??= commits.createTurns();
      return this.#turns.alone((turn) => {
        if (this.#saves.isUnfinished) return this.#afterGivingUp(call, turn, work);
        return call.ended ? Promise.resolve() : work(call, turn);
      });
    });
  }

  async #afterGivingUp(call: RunningCall, turn: Turn<ExclusiveTask>, work: Work): Promise<void> {
    await this.#saves.giveUp();
    if (!call.ended) await work(call, turn);
  }
}
