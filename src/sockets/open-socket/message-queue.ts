/**
 * Maximum number and total size of messages that wait while one is handled; if possible, further ones stay in the
 * kernel.
 */
const MAX_MESSAGES = 64;
const MAX_BYTES = 1_048_576;

/** The owner of a queue of messages. */
export interface MessageQueueHost {
  /** Handles a message. If it rejects or throws, the error is passed to `failed`. */
  handle(message: unknown): unknown;
  failed(error: unknown): void;
  /** Called when no more messages should be received. */
  onFull(): void;
  /** Called when messages may be received again. */
  onRoom(): void;
}

/** Hands over the messages of a socket one at a time: the next one once the one before has been handled. */
export class MessageQueue {
  readonly #host: MessageQueueHost;
  #waiting: unknown[] = [];
  #bytes = 0;
  #isBusy = false;
  #isFull = false;
  #isClosed = false;

  constructor(host: MessageQueueHost) {
    this.#host = host;
  }

  push(message: unknown): void {
    if (this.#isClosed) return;
    this.#waiting.push(message);
    this.#bytes += sizeOf(message);
    if (!this.#isBusy) this.#run();
    else if (this.#waiting.length >= MAX_MESSAGES || this.#bytes >= MAX_BYTES) this.#fill();
  }

  /** Holds messages back until `until` has settled. */
  async holdUntil(until: Promise<unknown>): Promise<void> {
    this.#isBusy = true;
    await until.catch(() => {}); // its rejection is handled elsewhere
    this.#run();
  }

  /** Drops the waiting messages and all later ones. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      const message = this.#waiting.shift();
      this.#bytes -= sizeOf(message);
      try {
        await this.#host.handle(message);
      } catch (error) {
        this.#host.failed(error);
      }
      if (this.#isFull && this.#waiting.length < MAX_MESSAGES / 2 && this.#bytes < MAX_BYTES / 2) this.#empty();
    }
    this.#isBusy = false;
  }

  #fill(): void {
    if (this.#isFull) return;
    this.#isFull = true;
    this.#host.onFull();
  }

  #empty(): void {
    this.#isFull = false;
    this.#host.onRoom();
  }
}

/** Returns the size of a string or bytes; the socket library limits other types. */
function sizeOf(message: unknown): number {
  if (typeof message === "string") return message.length;
  return ArrayBuffer.isView(message) ? message.byteLength : 0;
}
