import {
  createSessionManager,
  type RotationProgress,
  rotate,
  ttlSecondsOf,
  withConnectionCheck,
  withEncryption,
} from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { findLostUpdates } from "sessionwire/testing";
import { expect, test } from "vitest";
import { keyNamed } from "../laws/encryption-keys.ts";
import { beginSession, type Kept, Traffic } from "../migration/traffic.ts";
import { startProcess } from "../processes/processes.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { expectNoEscapes } from "./escapes.ts";

expectNoEscapes();

const SESSIONS = 1000;
/** Of the writers, during each of the two runs. */
const UPDATES = 400;
const [next, old] = [keyNamed("2027"), keyNamed("2026")];

test("a thousand sessions in use are rewritten with a new key, by a process that is killed and by one that goes on; none is lost, revived or left behind (law 141)", async () => {
  await using server = await startRedis();
  const open = (...keys: { id: string; key: Uint8Array }[]) =>
    withEncryption(withConnectionCheck(createRedisHandler(server.url)), {
      keys,
      acceptPlaintextUntil: Date.now() + 3_600_000,
    });
  const plain = createSessionManager<Kept>({ handler: createRedisHandler(server.url) });
  const before = createSessionManager<Kept>({ handler: open(old) });
  const ids = await Promise.all(
    Array.from({ length: SESSIONS }, (_, index) => beginSession(index % 5 === 0 ? plain : before, `session ${index}`)),
  );
  expect(await countsOf(server)).toEqual({ plaintext: 200, "2026": 800 });

  const [one, two] = [open(next, old), open(next, old)];
  const managers = [one, two].map((handler) => createSessionManager<Kept>({ handler }));
  const traffic = new Traffic(ids);
  const killed = await rotateUntilKilled(server, () => traffic.run(managers, UPDATES));
  expect(killed.next).toBeDefined();
  const progress: RotationProgress[] = [];
  const running = traffic.run(managers, UPDATES);
  const rest = await rotate(one, {
    ttlSeconds: ttlSecondsOf(createSessionManager({ handler: open(next) })),
    cursor: killed.next,
    onProgress: (each) => progress.push(each),
  });
  await running;
  expect(progress.at(-1)).toEqual(rest);
  expect(rest).toMatchObject({ unreadable: 0, next: undefined });
  console.info(
    `${killed.rewritten} and ${rest.rewritten} records rewritten, ${killed.conflicts + rest.conflicts} conflicts`,
  );
  expect(killed.rewritten).toBeGreaterThan(SESSIONS / 20); // the writers have rewritten others
  expect(rest.seen).toBeGreaterThan(SESSIONS / 4);

  const { updates, ended, signedOut } = traffic;
  expect(signedOut).toEqual([]);
  expect(ended.size).toBeGreaterThan(20);
  const counts = await countsOf(server);
  expect(counts).toEqual({ "2027": SESSIONS - ended.size });
  const after = createSessionManager<Kept>({
    handler: withEncryption(createRedisHandler(server.url), { keys: [next] }),
  });
  for (const [id, made] of updates) {
    const session = await after.open(id);
    expect(session !== undefined).toBe(!ended.has(id));
    if (session) expect(findLostUpdates({ acknowledged: made }, session.get("updates") ?? [])).toEqual(nothingLost);
  }
  await Promise.all([plain, before, after, ...managers].map((each) => each.close()));
}, 120_000);

const nothingLost = { missing: [], repeated: [], uninvited: [] };

/** Lets another process rewrite sessions, and kills it in the middle. Returns its last progress. */
async function rotateUntilKilled({ url }: RedisServer, meanwhile: () => Promise<void>): Promise<RotationProgress> {
  using other = startProcess(new URL("./rotation.child.ts", import.meta.url), { REDIS_URL: url });
  await other.next();
  other.send("begin");
  const running = meanwhile();
  for (;;) {
    const progress = await other.next<RotationProgress>();
    if (progress.seen < SESSIONS / 3) continue;
    other[Symbol.dispose]();
    await running;
    return progress;
  }
}

/** The number of sessions by the id of the key that stands in them. */
async function countsOf(server: RedisServer): Promise<Record<string, number>> {
  const keys = (await server.command("KEYS", "session:*")) as string[];
  const counts: Record<string, number> = {};
  for (const key of keys) {
    const record = String(await server.command("GETRANGE", key, "0", "19"));
    const name = record.startsWith("\0sw") ? record.slice(4).replaceAll("\0", "") : "plaintext";
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
