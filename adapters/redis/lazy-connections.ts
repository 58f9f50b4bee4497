import type { RedisConnections } from "./connection.ts";
import { closedError } from "./errors.ts";

/** Connections whose code is loaded when the first call needs it. A failure to load it is the failure of that call. */
export class LazyConnections implements RedisConnections {
  readonly #load: () => Promise<RedisConnections>;
  #loading: Promise<RedisConnections> | undefined;
  #loaded: RedisConnections | undefined;
  #closed = false;

  constructor(load: () => Promise<RedisConnections>) {
    this.#load = load;
  }

  send: RedisConnections["send"] = (...args) =>
    this.#loaded ? this.#loaded.send(...args) : this.#whenLoaded().then((loaded) => loaded.send(...args));

  sendTo: RedisConnections["sendTo"] = async (...args) => (await this.#whenLoaded()).sendTo(...args);
  servers: RedisConnections["servers"] = async (...args) => (await this.#whenLoaded()).servers(...args);
  ping: RedisConnections["ping"] = async (...args) => (await this.#whenLoaded()).ping(...args);

  async reconnect(connection: string | undefined, signal: AbortSignal): Promise<void> {
    const loaded = await this.#whenLoaded();
    signal.throwIfAborted();
    await loaded.reconnect(connection, signal);
  }

  connectionOf(key: string): string {
    return this.#loaded?.connectionOf?.(key) ?? "";
  }

  close(): void {
    this.#closed = true;
    this.#loaded?.close();
  }

  async #whenLoaded(): Promise<RedisConnections> {
    if (this.#loaded) return this.#loaded;
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    const loaded = await this.#loading;
    if (this.#closed) throw closedError();
    this.#loaded ??= loaded;
    return this.#loaded;
  }
}
