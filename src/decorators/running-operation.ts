import { abortedError, closedError } from "../backend/call-errors.ts";
import type { CallRegistry, GiveUp } from "../backend/call-registry.ts";
import { cancelSourceOf, withCancellation } from "../backend/cancellation.ts";
import { fillInOutcome, type Outcome, type SessionError, wrapForeignError } from "../errors.ts";
import type { Cancellation, CancelSource, OperationOptions } from "../handler.ts";
import type { Operation } from "./operation.ts";

/** The state and the hook that the operations of one decorated handler share. */
export interface OperationHost {
  /** The operations that are neither under way in the handler inside nor settled. */
  readonly waiting: CallRegistry;
  readonly isClosed: boolean;
  readonly around: <T>(
    operation: Operation,
    next: (cancellation?: AbortSignal | Cancellation) => Promise<T>,
  ) => Promise<T>;
}

/** Runs one operation, and ends it when its caller gives up or the handler is closed, unless it is for the handler inside to do so. */
export class RunningOperation<Options extends OperationOptions | undefined> implements Operation {
  readonly kind: Operation["kind"];
  readonly id: string | undefined;
  readonly cancellation: CancelSource | undefined;
  /** Its outcome if it ended now. */
  outcome: Outcome = "not-applied";
  readonly #host: OperationHost;
  /** Private, so that no log of an operation shows it. */
  #data: Uint8Array;
  #options: Options;
  /** Calls of the handler inside that have not been answered. */
  #underWay = 0;
  #wasPassedOn = false;
  #areArgumentsKept = false;
  #isSettled = false;
  #isWaiting = false;
  #reject: (error: unknown) => void = () => {};

  constructor(
    host: OperationHost,
    kind: Operation["kind"],
    id: string | undefined,
    options: Options,
    data: Uint8Array = noData,
  ) {
    this.#host = host;
    this.kind = kind;
    this.id = id;
    this.#options = options;
    this.#data = data;
    this.cancellation = cancelSourceOf(options);
  }

  get data(): Uint8Array {
    return this.#data;
  }

  get name(): string {
    return names[this.kind];
  }

  get changes(): boolean {
    return this.kind !== "read" && this.kind !== "list";
  }

  get signal(): AbortSignal | undefined {
    return this.#options?.signal;
  }

  keepArguments(): void {
    if (this.#areArgumentsKept) return;
    this.#areArgumentsKept = true;
    if (this.#data.byteLength > 0) this.#data = new Uint8Array(this.#data);
    this.#options = this.#options && { ...this.#options };
  }

  run<T>(passOn: (options: Options) => Promise<T>): Promise<T> {
    const refusal = this.#refusal();
    if (refusal) return Promise.reject(refusal);
    return new Promise<T>((resolve, reject) => {
      this.#reject = reject;
      const running = attempt(() =>
        this.#host.around<T>(this, (cancellation) => attempt(() => passOn(this.#nextOptions(cancellation)))),
      );
      if (this.#underWay === 0) {
        this.keepArguments();
        this.#wait();
      }
      running.then(
        (result) => this.#settle() && resolve(result),
        (error: unknown) => this.#fail(error),
      );
    });
  }

  /** Asks the handler inside. Until it answers, it is for that to heed a signal or a close. */
  send<T>(request: () => Promise<T>): Promise<T> {
    const refusal = this.#refusal();
    if (refusal) return heard(Promise.reject(refusal));
    this.#stopWaiting();
    this.#underWay += 1;
    this.outcome = "unknown";
    const answer = attempt(request);
    answer.then(
      () => this.#isAnswered(),
      (error: unknown) => this.#isAnswered(error),
    );
    return answer;
  }

  /** The options with which it is passed on. */
  #nextOptions(cancellation: AbortSignal | Cancellation | undefined): Options {
    if (this.#wasPassedOn && !this.#areArgumentsKept) {
      throw new TypeError("A hook that calls `next` more than once must call `operation.keepArguments()` first.");
    }
    this.#wasPassedOn = true;
    return cancellation ? withCancellation(this.#options, cancellation) : this.#options;
  }

  #isAnswered(error?: unknown): void {
    this.#underWay -= 1;
    if (this.#underWay > 0 || this.#isSettled) return;
    const refusal = this.#refusal();
    // Whatever the decorator still does, nobody waits for it any more.
    if (refusal) this.#fail(error ?? refusal);
    else this.#wait();
  }

  #wait(): void {
    if (this.#isSettled) return;
    this.#isWaiting = true;
    this.#host.waiting.add(this.#giveUp, this.cancellation);
  }

  #stopWaiting(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#host.waiting.delete(this.#giveUp, this.cancellation);
  }

  readonly #giveUp: GiveUp = (errorOf) => this.#fail(errorOf(this.#outcome));

  #fail(error: unknown): void {
    if (!this.#settle()) return;
    const named = wrapForeignError(error, "The handler", this.#outcome);
    this.#reject(this.changes && this.outcome === "not-applied" ? fillInOutcome(named, "not-applied") : named);
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.#stopWaiting();
    return true;
  }

  get #outcome(): Outcome | undefined {
    return this.changes ? this.outcome : undefined;
  }

  /** The error for an operation that may not go on. */
  #refusal(): SessionError | undefined {
    if (this.#host.isClosed) return closedError("The handler", this.#outcome);
    return this.cancellation?.aborted ? abortedError(this.cancellation, this.#outcome) : undefined;
  }
}

const noData = new Uint8Array();

const names: Readonly<Record<Operation["kind"], string>> = {
  read: "session.read",
  write: "session.write",
  touch: "session.touch",
  destroy: "session.destroy",
  list: "session.list",
};

/** A promise in every case, also where somebody throws on the spot or gives no promise. */
function attempt<T>(run: () => Promise<T>): Promise<T> {
  try {
    return Promise.resolve(run());
  } catch (error) {
    return heard(Promise.reject(error));
  }
}

/** A decorator may ask for something and never look at how it ends, which must not end the process. */
export function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
