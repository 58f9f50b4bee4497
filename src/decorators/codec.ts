import { checkData, checkSize } from "../backend/checks.ts";
import { safeCause } from "../backend/safe-cause.ts";
import type { MaybePromise } from "../backend/session-backend.ts";
import { isSessionError, replaceOutcome, SessionError } from "../errors.ts";
import type { DestroyResult, StoredSession, WriteResult } from "../handler.ts";
import type { DecoratorHooks } from "./hooks.ts";
import type { Operation } from "./operation.ts";

/** An operation that notes what became of it so far. */
type Passing = Operation & { outcome: "not-applied" | "unknown" };

/** The bytes on their way into the handler inside, and out of it again. */
export class Codec {
  readonly #encode: NonNullable<DecoratorHooks["encode"]>;
  readonly #decode: NonNullable<DecoratorHooks["decode"]>;
  readonly #maxBytes: number | undefined;

  /** `maxBytes`: what the handler inside takes. */
  constructor({ encode = asItIs, decode = asItIs }: DecoratorHooks, maxBytes: number | undefined) {
    this.#encode = encode;
    this.#decode = decode;
    this.#maxBytes = maxBytes;
  }

  async encoded(operation: Operation & { readonly data: Uint8Array }): Promise<Uint8Array> {
    const { data } = operation;
    const encoded = await this.#run(async () => this.#encode(data, operation), "failed", "encoded", operation);
    checkSize(encoded, this.#maxBytes);
    return encoded;
  }

  async decoded(
    read: MaybePromise<StoredSession | undefined>,
    operation: Operation,
  ): Promise<StoredSession | undefined> {
    const stored = await read;
    if (stored === undefined) return undefined;
    const data = await this.#run(async () => this.#decode(stored.data, operation), "corrupt", "decoded", operation);
    return { data, version: stored.version };
  }

  /** A refused write or destroy tells what is there, and has changed nothing. */
  async decodedResult<Result extends WriteResult | DestroyResult>(
    answer: Promise<Result>,
    operation: Passing,
  ): Promise<Result> {
    const result = await answer;
    if (!("current" in result) || result.current === undefined) return result;
    operation.outcome = "not-applied";
    return { ...result, current: await this.decoded(result.current, operation) };
  }

  /** An error of somebody else may repeat the data, so nothing of its message is taken over. */
  async #run(
    change: () => Promise<Uint8Array>,
    code: "failed" | "corrupt",
    verb: string,
    { changes }: Operation,
  ): Promise<Uint8Array> {
    const outcome = changes ? "not-applied" : undefined;
    try {
      const bytes = await change();
      checkData(bytes);
      return bytes;
    } catch (error) {
      if (isSessionError(error)) throw outcome ? replaceOutcome(error, outcome) : error;
      throw new SessionError(code, `The session could not be ${verb}.`, { cause: safeCause(error), outcome });
    }
  }
}

function asItIs(data: Uint8Array): Uint8Array {
  return data;
}
