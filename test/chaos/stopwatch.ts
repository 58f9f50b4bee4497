import type { SessionHandler } from "sessionwire";

/** Measures how long each call of a handler takes, however it ends. */
export class Stopwatch {
  slowestMs = 0;
  calls = 0;

  around(handler: SessionHandler): SessionHandler {
    return {
      read: (id, options) => this.#time(handler.read(id, options)),
      write: (id, data, options) => this.#time(handler.write(id, data, options)),
      touch: (id, ttlSeconds, options) => this.#time(handler.touch(id, ttlSeconds, options)),
      destroy: (id, options) => this.#time(handler.destroy(id, options)),
      close: () => handler.close(),
      [Symbol.asyncDispose]: () => handler.close(),
    };
  }

  async #time<T>(call: Promise<T>): Promise<T> {
    const start = performance.now();
    this.calls += 1;
    try {
      return await call;
    } finally {
      this.slowestMs = Math.max(this.slowestMs, Math.round(performance.now() - start));
    }
  }
}
