import { createRedisHandler } from "sessionwire/redis";
import { createUpstashHandler } from "sessionwire/upstash";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshId } from "../redis/session-data.ts";
import { startUpstash, type UpstashServer } from "../servers/upstash-server.ts";

let server: UpstashServer;
beforeAll(async () => {
  server = await startUpstash();
});
afterAll(() => server.stop());

const samples: Record<string, Uint8Array> = {
  nothing: new Uint8Array(),
  "every byte": Uint8Array.from({ length: 256 }, (_, byte) => byte),
  "every pair that could be a character": Uint8Array.from({ length: 512 }, (_, index) =>
    index % 2 ? index >> 1 : 0xc2 + (index & 1),
  ),
  "what is no UTF-8": Uint8Array.of(0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80),
  "a mark of byte order": Uint8Array.of(0xef, 0xbb, 0xbf, 0x78),
  "the word OK": new TextEncoder().encode("OK"),
  "the word null": new TextEncoder().encode("null"),
  "text that looks like an answer": new TextEncoder().encode("+0 -1 :2"),
  "256 KiB of noise": Uint8Array.from({ length: 262_144 }, (_, index) => (index * 167 + (index >> 8)) & 0xff),
};

test.each(Object.entries(samples))(
  "%s is the same over HTTP and over TCP, and so is its version",
  async (_, sample) => {
    await using upstash = createUpstashHandler(server);
    await using redis = createRedisHandler(server.redis.url);
    for (const [writer, reader] of [
      [upstash, redis],
      [redis, upstash],
    ] as const) {
      const id = freshId();
      const written = await writer.write(id, sample, { replaces: undefined, ttlSeconds: 60 });
      const found = await reader.read(id);
      expect(written).toEqual({ written: true, version: found?.version });
      expect(Buffer.from(found?.data ?? [1, 2]).equals(sample)).toBe(true);
      if (!found) return;

      const changed = Uint8Array.of(...sample.subarray(0, 100), 0x80);
      const replaced = await reader.write(id, changed, { replaces: found.version, ttlSeconds: 60 });
      expect(replaced.written).toBe(true);
      const late = await writer.write(id, sample, { replaces: found.version, ttlSeconds: 60 });
      expect(late).toEqual({ written: false, current: await reader.read(id) });
      expect(late.written || Buffer.from(late.current?.data ?? []).equals(changed)).toBe(true);
    }
  },
);
