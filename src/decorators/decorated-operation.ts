import { cancelSourceOf, copyOptions, withCancellation } from "../backend/cancellation.ts";
import type { Cancellation, CancelSource, OperationOptions } from "../handler.ts";
import type { Operation } from "./operation.ts";

/** Passes an operation on to the handler inside. */
export type Ask<Options, T> = (options: Options, data: Uint8Array) => Promise<T>;

/** An operation with the arguments that are passed on. */
export class DecoratedOperation<Options extends OperationOptions | undefined> implements Operation {
  readonly kind: Operation["kind"];
  readonly id: string | undefined;
  readonly cancellation: CancelSource | undefined;
  /** Private, so that logging an operation does not reveal it. */
  #data: Uint8Array;
  #options: Options;
  #wasPassedOn = false;
  #areArgumentsKept = false;

  constructor(kind: Operation["kind"], id: string | undefined, options: Options, data: Uint8Array = noData) {
    this.kind = kind;
    this.id = id;
    this.cancellation = cancelSourceOf(options);
    this.#options = options;
    this.#data = data;
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
    this.#options = copyOptions(this.#options);
  }

  /** Returns the options to pass on. */
  nextOptions(cancellation?: AbortSignal | Cancellation): Options {
    if (this.#wasPassedOn && !this.#areArgumentsKept) {
      throw new TypeError("A hook that calls `next` more than once must call `operation.keepArguments()` first.");
    }
    this.#wasPassedOn = true;
    return cancellation ? withCancellation(this.#options, cancellation) : this.#options;
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
