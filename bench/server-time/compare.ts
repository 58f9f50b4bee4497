import { Redis } from "ioredis";
import type { SessionHandler, Version } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import type { RedisServer } from "../../test/servers/redis-server.ts";
import { jsonOf, ttlSeconds } from "../tools/content.ts";
import { quantile } from "../tools/numbers.ts";
import { commandTime } from "./command-time.ts";

interface Effort {
  readonly bytes: number;
  readonly rounds: number;
  readonly writes: number;
}

/** A write of a session that alternates between two contents of this size. */
type Write = (text: string) => Promise<boolean>;

/** Returns the variants, a plain SET first. */
export async function compareServerTime(server: RedisServer, { bytes, rounds, writes }: Effort) {
  const raw = new Redis(server.url);
  const handler = createRedisHandler(server.url);
  const rows: readonly { readonly name: string; readonly write: Write; readonly times: number[] }[] = [
    { name: "ioredis, SET without any condition", times: [], write: plainWrite(raw) },
    { name: "createRedisHandler, compare-and-set", times: [], write: conditionalWrite(handler, `compared:${bytes}`) },
  ];
  const texts = [jsonOf(1, bytes), jsonOf(2, bytes)];
  for (let round = -1; round < rounds; round += 1) {
    for (const row of rows) {
      await server.command("config", "resetstat");
      for (let write = 0; write < writes; write += 1) {
        if (!(await row.write(texts[write % 2] ?? ""))) throw new Error(`"${row.name}" has not written.`);
      }
      if (round >= 0) row.times.push((await commandTime(server)) / writes);
    }
  }
  raw.disconnect();
  await handler.close();
  const floor = quantile(rows[0]?.times ?? [], 0.2);
  return rows.map(({ name, times }) => {
    const time = quantile(times, 0.2);
    return { name, values: [time, quantile(times, 0.8), time / floor] };
  });
}

function plainWrite(raw: Redis): Write {
  return async (text) => (await raw.set("plain", text, "EX", ttlSeconds)) === "OK";
}

function conditionalWrite(handler: SessionHandler, id: string): Write {
  let replaces: Version | undefined;
  return async (text) => {
    const result = await handler.write(id, new TextEncoder().encode(text), { replaces, ttlSeconds });
    if (result.written) replaces = result.version;
    return result.written;
  };
}
