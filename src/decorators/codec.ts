import type { RunningCall } from "../backend/call.ts";
import { checkData, checkSize } from "../backend/call-checks.ts";
import { safeCause } from "../backend/safe-cause.ts";
import { isSessionError, replaceOutcome, SessionError } from "../errors.ts";
import type { DestroyResult, StoredSession, WriteResult } from "../handler.ts";
import type { DecoratorHooks } from "./hooks.ts";
import type { Operation } from "./operation.ts";

/** An operation with its data. */
type DataOperation = Operation & { readonly data: Uint8Array };

/** Encodes bytes for the handler inside, and decodes its answers. */
export class Codec {
  readonly #hooks: DecoratorHooks;
  readonly #maxBytes: number | undefined;

  /** Takes `maxBytes`, the limit of the handler inside. */
  constructor(hooks: DecoratorHooks, maxBytes: number | undefined) {
    this.#hooks = hooks;
    this.#maxBytes = maxBytes;
  }

  /** Checks if an operation carries bytes in or out. */
  concerns({ kind }: Operation): boolean {
    return kind !== "touch" && kind !== "list";
  }

  /** Sends the encoded data, and decodes the answer. */
  async around<T>(operation: DataOperation, call: RunningCall, send: (data: Uint8Array) => Promise<T>): Promise<T> {
    const answer = await send(operation.kind === "write" ? await this.#encoded(operation) : operation.data);
    return (await this.#decodedAnswer(answer, operation, call)) as T; // of the same kind
  }

  #decodedAnswer(answer: unknown, operation: Operation, call: RunningCall): unknown {
    switch (operation.kind) {
      case "read":
        return this.#decoded(answer as StoredSession | undefined, operation); // as its kind implies, here and below
      case "write":
      case "destroy":
        return this.#decodedResult(answer as WriteResult | DestroyResult, operation, call);
      default:
        return answer;
    }
  }

  async #encoded(operation: DataOperation): Promise<Uint8Array> {
    const { data } = operation;
    const encode = async () => (this.#hooks.encode ? this.#hooks.encode(data, operation) : data);
    const encoded = await this.#run(encode, "failed", "encoded", operation);
    checkSize(encoded, this.#maxBytes);
    return encoded;
  }

  async #decoded(stored: StoredSession | undefined, operation: Operation): Promise<StoredSession | undefined> {
    if (stored === undefined) return undefined;
    const { data, version } = stored;
    const decode = async () => (this.#hooks.decode ? this.#hooks.decode(data, operation) : data);
    return { data: await this.#run(decode, "corrupt", "decoded", operation), version };
  }

  /** Decodes the current state in a refused write or destroy, which has changed nothing. */
  async #decodedResult(
    result: WriteResult | DestroyResult,
    operation: Operation,
    call: RunningCall,
  ): Promise<WriteResult | DestroyResult> {
    if (!("current" in result) || result.current === undefined) return result;
    call.sent = false;
    return { ...result, current: await this.#decoded(result.current, operation) };
  }

  /** Replaces foreign errors, whose messages may repeat the data. */
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
