import { isSessionError, SessionError } from "sessionwire";
import type { SimulatedNetwork } from "../../simulated-network.ts";
import type { ProcessPlan } from "./process-plans.ts";

/** One connection at a time: messages under way on it are lost with it, and later ones wait for the next connection. */
export class ProcessConnection {
  readonly handler: SimulatedNetwork["handler"];
  calls = 0;
  writes = 0;
  running = 0;
  readonly #lossesAre: ProcessPlan["lossesAre"];
  readonly #fates: string[];
  #connected: Promise<void> = Promise.resolve();

  constructor(network: SimulatedNetwork, lossesAre: ProcessPlan["lossesAre"], fates: string[]) {
    const { handler } = network;
    this.#lossesAre = lossesAre;
    this.#fates = fates;
    this.handler = {
      ...handler,
      read: (id, options) => this.#call(() => handler.read(id, options)),
      write: (id, data, options) => {
        this.writes += 1;
        return this.#call(() => handler.write(id, data, options));
      },
      touch: (id, ttlSeconds, options) => this.#call(() => handler.touch(id, ttlSeconds, options)),
      destroy: (id, options) => this.#call(() => handler.destroy(id, options)),
      reconnect: () => {
        network.silence();
        this.#connected = this.#connected.then(() => handler.reconnect());
        return this.#connected;
      },
    };
  }

  /** A loss may appear as a broken connection, after which a second read makes sense. */
  async #call<T>(run: () => Promise<T>): Promise<T> {
    this.calls += 1;
    this.running += 1;
    try {
      await this.#connected;
      if (this.#fates[0] === "refused") {
        this.#fates.shift();
        throw new SessionError("unavailable", "The store has refused it.", { outcome: "not-applied" });
      }
      return await run();
    } catch (error) {
      if (this.#lossesAre === "timeouts" || !isSessionError(error) || error.code !== "timeout") throw error;
      throw new SessionError("unavailable", "The connection broke.", { outcome: error.outcome });
    } finally {
      this.running -= 1;
    }
  }
}

/** Returns the meaning of a fate, in the words of {@link messageFates}. */
export function messageOf(fate = "1 ms"): { latencyMs: number; lost: boolean } {
  if (fate === "lost") return { latencyMs: 0, lost: true };
  return { latencyMs: fate === "refused" ? 1 : Number.parseInt(fate, 10), lost: false };
}
