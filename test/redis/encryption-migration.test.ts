import { createSessionManager, type SessionManager, withEncryption, withMigration } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { findLostUpdates } from "sessionwire/testing";
import { expect, test } from "vitest";
import { keyNamed } from "../laws/encryption-keys.ts";
import { beginSession, type Kept, Traffic } from "../migration/traffic.ts";
import { startRedis } from "../servers/redis-server.ts";
import { passTime } from "../servers/redis-time.ts";
import { expectNoEscapes } from "./escapes.ts";

expectNoEscapes();

const SESSIONS = 300;
const UPDATES = 300;
const marker = "xyzzy-4711";

test("sessions in use move from plaintext to encryption on the same Redis, in steps, and none is lost", async () => {
  await using server = await startRedis();
  const plain = () => createRedisHandler(server.url);
  const encrypted = () =>
    withEncryption(createRedisHandler(server.url, { prefix: "encrypted:" }), { keys: [keyNamed("2027")] });
  const before = createSessionManager<Kept>({ handler: plain() });
  const ids = await Promise.all(
    Array.from({ length: SESSIONS }, (_, index) => beginSession(before, `${marker} ${index}`)),
  );
  const moving = (moves: boolean) =>
    createSessionManager<Kept>({ handler: withMigration(plain(), encrypted(), { moves }) });
  const [old, one, two] = [moving(false), moving(true), moving(true)] as const;
  const traffic = new Traffic(ids);
  const steps: (readonly SessionManager<Kept>[])[] = [
    [before, old],
    [old, one],
    [one, two],
  ];
  for (const managers of steps) await traffic.run(managers, UPDATES);
  for (const id of ids) await one.open(id); // whatever is used is moved
  await passTime(server, 61_000); // for which an end leaves a mark
  const after = createSessionManager<Kept>({ handler: encrypted() });
  expect(traffic.signedOut).toEqual([]);
  for (const [id, made] of traffic.updates) {
    const session = await after.open(id);
    expect(session !== undefined).toBe(!traffic.ended.has(id));
    if (!session) continue;
    expect(session.get("name")).toContain(marker);
    const findings = findLostUpdates({ acknowledged: made }, session.get("updates") ?? []);
    expect(findings).toEqual({ missing: [], repeated: [], uninvited: [] });
  }
  const keys = (await server.command("KEYS", "*")) as string[];
  expect(keys).toHaveLength(SESSIONS - traffic.ended.size);
  const values = await Promise.all(keys.map((key) => server.command("GET", key)));
  expect(JSON.stringify(values)).not.toContain(marker);
  await Promise.all([before, old, one, two, after].map((each) => each.close()));
}, 60_000);
