import type { ListingSessionHandler, SessionHandler } from "sessionwire";
import type { Asked, Method, WitnessStore } from "./witness-store.ts";

/** A call to be made, in words and with its arguments. */
export interface Request {
  readonly words: string;
  readonly method: Method;
  readonly args: readonly unknown[];
}

/** A call that has settled. */
export interface Made extends Request {
  /** The `maxBytes` of the handler. */
  readonly limit: number | undefined;
  readonly result: unknown;
  readonly error: unknown;
  /** The calls that it caused on the inner handler. */
  readonly asked: readonly Answered[];
}

type Answered = Asked & Pick<Made, "result" | "error">;

/** A call that may be under way. */
export class RunningCall {
  readonly words: string;
  readonly method: Method;
  readonly limit: number | undefined;
  /** The arguments as given; the caller may change the array later. */
  readonly given: readonly unknown[];
  readonly args: readonly unknown[];
  readonly #store: WitnessStore;
  readonly #askedBefore: number;
  hasSettled = false;
  result: unknown;
  error: unknown;

  constructor({ words, method, args }: Request, handler: SessionHandler, store: WitnessStore) {
    this.words = words;
    this.method = method;
    this.limit = handler.maxBytes;
    this.given = args;
    this.args = args.map((each) => (each instanceof Uint8Array ? each.slice() : each));
    this.#store = store;
    this.#askedBefore = store.asked.length;
    // The method exists, and its arguments match it, which the compiler cannot see.
    const run = (handler as unknown as ListingSessionHandler)[method] as (...args: unknown[]) => Promise<unknown>;
    run.apply(handler, [...args]).then(
      (result) => {
        this.hasSettled = true;
        this.result = result;
      },
      (error: unknown) => {
        this.hasSettled = true;
        this.error = error;
      },
    );
  }

  /** Returns the calls of the inner handler since then. */
  get asked(): readonly Asked[] {
    return this.#store.asked.slice(this.#askedBefore);
  }

  async made(): Promise<Made> {
    const { words, method, limit, args, result, error } = this;
    return { words, method, limit, args, result, error, asked: await Promise.all(this.asked.map(withAnswer)) };
  }
}

async function withAnswer(asked: Asked): Promise<Answered> {
  return asked.answer.then(
    (result) => ({ ...asked, result, error: undefined }),
    (error: unknown) => ({ ...asked, result: undefined, error }),
  );
}
