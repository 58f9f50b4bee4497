import type { KeyHash } from "../channel/key-hash.ts";
import type { DestroyResult, StoredSession, WriteResult } from "../handler.ts";
import type { Operation } from "./operation.ts";

/**
 * A call that a {@link SessionObserver} sees: an operation, or a ping or a reconnection of a connection check. It
 * contains neither the id of a session nor its data.
 *
 * @public
 */
export interface ObservedCall {
  /** The method of the handler that is called. */
  readonly kind: Operation["kind"] | "ping" | "reconnect";
  /** The name for traces and metrics: `"session.read"`, for instance, or `"connection.ping"`. */
  readonly name: string;
  /** `true` for a write, touch or destroy, which may change something. */
  readonly changes: boolean;
  /**
   * The hash of the session's key, as `sessions.hashOf` of a manager returns it; absent if the call concerns no single
   * session. It is computed on first access.
   */
  readonly keyHash: string | undefined;
  /** The name of the connection of a ping or a reconnection; absent if the handler does not name its connections. */
  readonly connection: string | undefined;
}

/**
 * The answer of the store to a call.
 *
 * - `done`: it did what it was asked to do.
 * - `absent`: there is no such session (any more).
 * - `conflict`: a write or a conditional destroy found another state than the one to replace.
 *
 * @public
 */
export type CallResult = "done" | "absent" | "conflict";

/** A call to the handler inside. Its id is private, so that logging it does not reveal it. */
export class PassedOnCall implements ObservedCall {
  readonly kind: ObservedCall["kind"];
  readonly connection: string | undefined;
  readonly #id: string | undefined;
  readonly #hashOf: KeyHash;
  #keyHash: string | undefined = undefined;

  constructor(kind: ObservedCall["kind"], id: string | undefined, connection: string | undefined, hashOf: KeyHash) {
    this.kind = kind;
    this.connection = connection;
    this.#id = id;
    this.#hashOf = hashOf;
  }

  get name(): string {
    return `${this.kind === "ping" || this.kind === "reconnect" ? "connection" : "session"}.${this.kind}`;
  }

  get changes(): boolean {
    return this.kind === "write" || this.kind === "touch" || this.kind === "destroy";
  }

  get keyHash(): string | undefined {
    if (this.#id !== undefined) this.#keyHash ??= this.#hashOf(this.#id);
    return this.#keyHash;
  }
}

/** Classifies what the handler inside has answered to a call of this kind. */
export function resultOf(kind: ObservedCall["kind"], answer: unknown): CallResult {
  switch (kind) {
    case "read":
      return answer === undefined ? "absent" : "done";
    case "touch":
      return answer === false ? "absent" : "done";
    case "write": {
      const result = answer as WriteResult; // of the method that was called
      return result.written ? "done" : resultOfRefusal(result);
    }
    case "destroy": {
      const result = answer as DestroyResult; // likewise
      return result.destroyed ? "done" : resultOfRefusal(result);
    }
    default:
      return "done";
  }
}

function resultOfRefusal({ current }: { readonly current: StoredSession | undefined }): CallResult {
  return current === undefined ? "absent" : "conflict";
}
