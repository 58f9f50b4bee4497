import { requestsAreCancelled } from "../../clock.ts";

/**
 * Lets callers that need the same thing at the same time share one attempt to get it. Nothing is remembered of an
 * attempt that has ended.
 *
 * @remarks
 * Where requests are cancelled, each caller makes its own attempt: that of a cancelled request would never settle.
 */
export class SingleFlight<Value> {
  readonly #attempts = new Map<string, Promise<Value>>();

  run(key: string, attempt: () => Promise<Value>): Promise<Value> {
    if (requestsAreCancelled()) return attempt();
    const underWay = this.#attempts.get(key);
    if (underWay) return underWay;
    const begun = attempt().finally(() => this.#attempts.delete(key));
    this.#attempts.set(key, begun);
    return begun;
  }
}
