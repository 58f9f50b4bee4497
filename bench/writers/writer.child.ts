import { Redis } from "ioredis";
import { createSessionManager, expressFormat, nativeFormat, type SessionManager } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { countOf, parseJson } from "../sessions/stored.ts";
import { serveQuestions } from "../tools/children.ts";
import { collectYoung } from "../tools/collect.ts";
import { type Attributes, ttlSeconds } from "../tools/content.ts";

// One of the processes of bench/writers.ts: its writers increment counts for a while.

/** The ways in which the writers access a session. */
export type WriterVariant = "lossy" | "native" | "express";

export interface WritersJob {
  readonly variant: WriterVariant;
  readonly ids: readonly string[];
  readonly writers: number;
  readonly milliseconds: number;
}

export interface WritersResult {
  readonly updates: number;
  readonly cpuMicroseconds: number;
  /** Number of function runs per update: one more for each conflict. */
  readonly tries: readonly number[];
  readonly latenciesMs: readonly number[];
}

const url = process.env.REDIS_URL ?? "";
const raw = new Redis(url);
/** Increments a count, and resolves to the number of tries. */
const increments: { readonly [variant in WriterVariant]: (id: string) => Promise<number> } = {
  lossy: incrementByHand,
  native: incrementIn(createSessionManager<Attributes>({ handler: createRedisHandler(url), format: nativeFormat() })),
  express: incrementIn(createSessionManager<Attributes>({ handler: createRedisHandler(url), format: expressFormat() })),
};

serveQuestions("ready", async ({ variant, ids, writers, milliseconds }: WritersJob): Promise<WritersResult> => {
  const increment = increments[variant];
  const tries: number[] = [];
  const latenciesMs: number[] = [];
  collectYoung();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const write = async () => {
    for (let now = startedAt; now < startedAt + milliseconds; ) {
      tries.push(await increment(ids[Math.floor(Math.random() * ids.length)] ?? ""));
      const begun = now;
      now = performance.now();
      latenciesMs.push(now - begun);
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  const { user, system } = process.cpuUsage(cpuBefore);
  return { updates: tries.length, cpuMicroseconds: user + system, tries, latenciesMs };
});

async function incrementByHand(id: string): Promise<number> {
  const session = parseJson(await raw.get(`sess:${id}`));
  session.n += 1;
  await raw.set(`sess:${id}`, JSON.stringify(session), "EX", ttlSeconds);
  return 1;
}

function incrementIn(sessions: SessionManager<Attributes>): (id: string) => Promise<number> {
  return async (id) => {
    let tries = 0;
    await sessions.update(id, (draft) => {
      tries += 1;
      draft.update("n", (n) => countOf(n) + 1);
    });
    return tries;
  };
}
