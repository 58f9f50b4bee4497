// @module-tag real-time

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Count, expectCounts, sumOf } from "./results.ts";
import {
  lockingMemcached,
  lockingRedis,
  memcachedSessionHandler,
  memcachedWithThreshold,
  redisSessionHandler,
  redisWithThreshold,
  type SaveHandler,
} from "./save-handlers.ts";
import { type StoresAndPhp, startStoresAndPhp } from "./stores-and-php.ts";
import * as trials from "./trials.ts";
import { bareWriter, managerWriter, type Writer } from "./writer.ts";

/** More with `npm run experiments`. */
const trialCount = Number(process.env.TRIALS ?? 3);
const sideBySideCount = Number(process.env.SIDE_BY_SIDE ?? 25);
const signOutCount = Number(process.env.SIGN_OUTS ?? 10);

vi.setConfig({ testTimeout: 60_000 + 2000 * (trialCount + sideBySideCount + signOutCount) });

let parts: StoresAndPhp;
beforeAll(async () => {
  parts = await startStoresAndPhp();
});
afterAll(() => parts?.[Symbol.asyncDispose]());

interface Setting {
  readonly saveHandler: SaveHandler;
  readonly kind: "a bare client" | "a session manager" | "a session manager `withPhpLocks`";
}

const bare: Setting[] = [
  { saveHandler: redisSessionHandler, kind: "a bare client" },
  { saveHandler: memcachedSessionHandler, kind: "a bare client" },
];
const conditional: Setting[] = [
  { saveHandler: redisSessionHandler, kind: "a session manager" },
  { saveHandler: redisWithThreshold, kind: "a session manager" },
  { saveHandler: memcachedSessionHandler, kind: "a session manager" },
  { saveHandler: memcachedWithThreshold, kind: "a session manager" },
  { saveHandler: lockingRedis, kind: "a session manager" },
  { saveHandler: lockingRedis, kind: "a session manager `withPhpLocks`" },
  { saveHandler: lockingMemcached, kind: "a session manager" },
  { saveHandler: lockingMemcached, kind: "a session manager `withPhpLocks`" },
];

test.each([...bare, ...conditional])(
  "beside $saveHandler.name, $kind loses as many changes as the page says",
  async ({ saveHandler, kind }) => {
    await using scene = openScene({ saveHandler, kind });
    const duringWriting = await repeat(() => trials.writeDuringRequest(scene, "writes"));
    const duringReading = await repeat(() => trials.writeDuringRequest(scene, "only reads"));
    const between = await repeat(() => trials.requestDuringWrite(scene));
    const beside = await trials.writeSideBySide(scene, sideBySideCount);
    expectCounts(`${saveHandler.name}, ${kind}`, [
      sumOf(duringWriting.map(({ node }) => one(node))),
      sumOf(duringReading.map(({ node }) => one(node))),
      sumOf(between.map(({ php: lost }) => one(lost))),
      { lost: beside.node, of: sideBySideCount },
      { lost: beside.php, of: sideBySideCount },
    ]);
  },
);

test.each(bare)(
  "beside $saveHandler.name, nothing is lost by a request that only reads within a second of the last use",
  async (setting) => {
    await using scene = openScene(setting);
    expect(await trials.writeDuringQuickRequest(scene)).toEqual({ php: 0, node: 0 });
  },
);

describe.each(conditional)("beside $saveHandler.name, $kind", (setting) => {
  test("never brings back a session that PHP has signed out", async () => {
    await using scene = openScene(setting);
    for (let count = 0; count < signOutCount; count += 1) {
      expect(await trials.isRevivedAfterSignOut(scene)).toBe(false);
      expect(await trials.isRevivedBesideSignOut(scene)).toBe(false);
    }
  });

  test("writes nothing under an id that PHP has given up at a sign-in", async () => {
    await using scene = openScene(setting);
    const ends = await repeat(() => trials.writeAfterSignIn(scene));
    expect(ends).toEqual(ends.map(() => ({ isOldThere: false, isWritten: false })));
  });
});

function openScene(setting: Setting): trials.Scene & AsyncDisposable {
  const { saveHandler } = setting;
  const writer = openWriter(setting);
  return { ...parts, saveHandler, writer, [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose]() };
}

function openWriter({ saveHandler, kind }: Setting): Writer {
  if (kind === "a bare client") return bareWriter(saveHandler, parts.sessions);
  return managerWriter(saveHandler, parts.ports, { isLocking: kind === "a session manager `withPhpLocks`" });
}

async function repeat<Result>(trial: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let count = 0; count < trialCount; count += 1) results.push(await trial());
  return results;
}

function one(lost: number): Count {
  return { lost, of: 1 };
}
