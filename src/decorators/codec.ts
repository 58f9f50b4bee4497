import { checkData, checkSize } from "../backend/checks.ts";
import { safeCause } from "../backend/safe-cause.ts";
import type { MaybePromise } from "../backend/session-backend.ts";
import { isSessionError, replaceOutcome, SessionError } from "../errors.ts";
import type { DestroyResult, StoredSession, WriteResult } from "../handler.ts";
import type { DecoratorHooks } from "./hooks.ts";
import type { Operation } from "./operation.ts";

/** An operation with the outcome that it would have if it ended now. */
type Passing = Operation & { outcome: "not-applied" | "unknown" };

/** The bytes on their way into the handler inside, and out of it again. */
export class Codec {
  readonly #hooks: DecoratorHooks;
  readonly #maxBytes: number | undefined;

  /** `maxBytes`: what the handler inside takes. */
  constructor(hooks: DecoratorHooks, maxBytes: number | undefined) {
    this.#hooks = hooks;
    this.#maxBytes = maxBytes;
  }

  async encoded(operation: Operation & { readonly data: Uint8Array }): Promise<Uint8Array> {
    const { data } = operation;
    const encode = async () => (this.#hooks.encode ? this.#hooks.encode(data, operation) : data);
    const encoded = await this.#run(encode, "failed", "encoded", operation);
    checkSize(encoded, this.#maxBytes);
    return encoded;
  }

  async decoded(
    read: MaybePromise<StoredSession | undefined>,
    operation: Operation,
  ): Promise<StoredSession | undefined> {
    const stored = await read;
    if (stored === undefined) return undefined;
    const { data, version } = stored;
    const decode = async () => (this.#hooks.decode ? this.#hooks.decode(data, operation) : data);
    return { data: await this.#run(decode, "corrupt", "decoded", operation), version };
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
