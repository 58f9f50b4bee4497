import { type SessionHandler, withConnectionCheck, withEncryption } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { expect, test, vi } from "vitest";
import { keyNamed } from "../laws/encryption-keys.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { findsMarker, liveMarkedSessions } from "../redis/marked-session.ts";
import { startMemcached } from "../servers/memcached-server.ts";

expectNoEscapes();

const open = (address: string) => withConnectionCheck(createMemcachedHandler(address));

test("without encryption, the keys and values of Memcached show sessions", async () => {
  expect(await isFoundIn(open)).toBe(true);
});

test("behind withEncryption, no key and no value of Memcached shows anything of a session (law 113)", async () => {
  expect(await isFoundIn((address) => withEncryption(open(address), { keys: [keyNamed("2027")] }))).toBe(false);
});

async function isFoundIn(create: (address: string) => SessionHandler): Promise<boolean> {
  await using server = await startMemcached();
  const handler = create(server.address);
  await liveMarkedSessions(handler);
  const keys = await vi.waitFor(async () => {
    const listed = await server.command("lru_crawler metadump all"); // which may pass over what it finds in use
    const keys = listed.flatMap((line) => /^key=(\S+)/.exec(line)?.[1] ?? []).map(decodeURIComponent);
    expect(keys.length).toBeGreaterThanOrEqual(4); // a session and a user in each format
    return keys;
  });
  const values = await Promise.all(keys.map((key) => server.command(`get ${key}`)));
  await handler.close();
  return findsMarker(Buffer.from(JSON.stringify([keys, values])));
}
