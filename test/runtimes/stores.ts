import { type Clock, systemClock } from "sessionwire";
import { handlerCases } from "sessionwire/testing";
import type { Case } from "./case.ts";

export type StoreName = "Redis" | "Upstash" | "Memcached";

/** Where the stores are, for the handlers. */
export interface StoreSources {
  readonly Redis: string;
  readonly Upstash: { readonly url: string; readonly token: string };
  readonly Memcached: { readonly address: string; readonly aheadMs: number };
}

/** What a runtime asks of the test that has started the stores: to let the time of one pass, or else to empty it. */
export interface StoreRequest {
  readonly store: StoreName;
  readonly advanceMs?: number;
}

export interface StoreLink {
  readonly sources: StoreSources;
  /** Resolves when it is done. */
  ask(request: StoreRequest): Promise<void>;
}

/** A thousand HTTP requests at once take a small machine longer than the deadlines that are meant for one. */
const slow = { timeoutMs: 20_000 };

/** What every handler must do, on stores that are servers. An adapter is imported when a case needs it. */
export function storeAreas({ sources, ask }: StoreLink): Readonly<Record<StoreName, readonly Case[]>> {
  let { aheadMs } = sources.Memcached;
  const clock: Clock = { ...systemClock, now: () => Date.now() + aheadMs };
  const advanceOf = (store: StoreName) => (ms: number) => ask({ store, advanceMs: ms });
  return {
    Redis: handlerCases({
      async create() {
        await ask({ store: "Redis" });
        const { createRedisHandler } = await import("sessionwire/redis");
        return createRedisHandler(sources.Redis);
      },
      advance: advanceOf("Redis"),
    }),
    Upstash: handlerCases({
      async create() {
        await ask({ store: "Upstash" });
        const { createUpstashHandler } = await import("sessionwire/upstash");
        return createUpstashHandler(sources.Upstash, slow);
      },
      advance: advanceOf("Upstash"),
    }),
    Memcached: handlerCases({
      async create() {
        const { createMemcachedHandler } = await import("sessionwire/memcached");
        return createMemcachedHandler(sources.Memcached.address, { prefix: `${crypto.randomUUID()}:`, clock });
      },
      async advance(ms) {
        await advanceOf("Memcached")(ms);
        aheadMs += ms;
      },
      lateMs: 3000,
    }),
  };
}
