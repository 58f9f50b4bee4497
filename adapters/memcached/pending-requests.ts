import type { Response } from "memjs";
import { SessionError } from "sessionwire";
import type { MemcachedRequest } from "./requests.ts";

const largestSequence = 2 ** 32 - 1;

export interface PendingRequest {
  readonly request: MemcachedRequest;
  readonly reject: (reason: SessionError) => void;
  /** Processes a reply, and returns true if it was the last one. */
  answer(reply: Response): boolean;
}

/** The requests of one connection that wait for a reply, by number. */
export class PendingRequests {
  readonly #pending = new Map<number, PendingRequest>();
  /**
   * Starts shortly before it wraps around, like the jiffies of Linux, so that an error there shows at once and not
   * after days.
   */
  #sequence = largestSequence - 1000;
  /** The number of the request whose reply comes next. */
  #awaited = numberAfter(this.#sequence);

  /** The number of the request that is added next. */
  get nextNumber(): number {
    return numberAfter(this.#sequence);
  }

  add(pending: PendingRequest): void {
    this.#sequence = numberAfter(this.#sequence);
    this.#pending.set(this.#sequence, pending);
  }

  /** Passes a reply to its request. A server answers requests in order. */
  answer(reply: Response): void {
    const { opaque, opcode } = reply.header;
    const pending = this.#pending.get(opaque);
    if (opaque !== this.#awaited || pending?.request.opcode !== opcode) throw unexpected();
    if (!pending.request.isReply(reply)) throw unexpected();
    if (!pending.answer(reply)) return;
    this.#pending.delete(opaque);
    this.#awaited = numberAfter(opaque);
  }

  reject(reason: SessionError): void {
    for (const { reject } of this.#pending.values()) reject(reason);
  }
}

export function unexpected(): SessionError {
  return new SessionError("unavailable", "The Memcached server has sent a reply that no request waits for.");
}

/** Returns the next number. It is never 0, which memjs uses for its own requests. */
function numberAfter(sequence: number): number {
  return (sequence % largestSequence) + 1;
}
