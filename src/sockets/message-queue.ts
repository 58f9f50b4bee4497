/** Maximum number and size of messages that wait while one is handled; further ones are left to the kernel where that is possible. */
const MAX_MESSAGES = 64;
const MAX_BYTES = 1_048_576;

/** The owner of a queue of messages. */
export interface MessageQueueHost {
  /** Handles a message. What it rejects with, or throws, is passed to `failed`. */
  handle(message: unknown): unknown;
  failed(error: unknown): void;
  /** Called when no more messages should come in. */
  onFull(): void;
  /** Called when they may come in again. */
  onRoom(): void;
}

/** Hands over the messages of a socket one after the other: the next one when the one before has been handled. */
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

  /** Keeps messages waiting until `until` has settled. */
  async holdUntil(until: Promise<unknown>): Promise<void> {
    this.#isBusy = true;
    await until.catch(() => {}); // it has somebody else to hear of it
    this.#run();
  }

  /** Drops what waits, and whatever else comes. */
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

/** The size of what is a text or bytes; the library of the sockets limits the others. */
function sizeOf(message: unknown): number {
  if (typeof message === "string") return message.length;
  return ArrayBuffer.isView(message) ? message.byteLength : 0;
}
