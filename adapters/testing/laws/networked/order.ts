import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { isSessionError, type SessionHandler, type Version, withConnectionCheck } from "sessionwire";
import type { FaultProxy } from "../../fault-proxy.ts";
import { createHistory } from "../../history.ts";
import { createRandom } from "../../random.ts";
import { bytes } from "../law.ts";
import { createSession, type NetworkedFixture, type NetworkedLaw, textOf, ttlSeconds } from "./fixture.ts";

const rounds = 60;
const kinds = ["read", "create", "replace", "replace", "touch", "destroy", "destroy what was read"] as const;
const disturbances = ["reset", "close", "silence", "swallow", "reconnect", "delay"] as const;
type Kind = (typeof kinds)[number];
type Disturbance = (typeof disturbances)[number];

/** Several handlers that work on one session, while their connections are lost and replaced. */
export const orderLaws: readonly NetworkedLaw[] = [
  {
    law: 30,
    says: "calls of several handlers on one session, over connections that are lost and replaced, have an order that explains them",
    async check(fixture) {
      const random = createRandom(20);
      let unknown = 0;
      for (let round = 0; round < rounds; round += 1) unknown += await playRound(fixture, random);
      assert.ok(unknown > 0, "no call has lost its answer");
    },
  },
  {
    law: 21,
    says: "a counter incremented by several handlers that reconnect all the time loses no increment",
    async check({ server, direct, openAt }) {
      const { id, version } = await createSession(direct);
      await direct.write(id, bytes("0"), { replaces: version, ttlSeconds });
      const handlers = [1, 2, 3, 4].map(() => openAt(server.port));
      const counts = { acknowledged: 0, doubtful: 0 };
      const counting = handlers.map((handler) => countTo(50, handler, id, counts));
      await during(counting, async () => {
        await Promise.allSettled(handlers.map((handler) => handler.reconnect()));
        await wait(10);
      });
      const { acknowledged, doubtful } = counts;
      const count = Number(textOf(await direct.read(id)));
      assert.ok(acknowledged > 0);
      assert.ok(count >= acknowledged && count <= acknowledged + doubtful, `${count}, ${JSON.stringify(counts)}`);
    },
  },
];

/** Resolves to the number of calls that lost their answers. */
async function playRound({ proxy, direct, open }: NetworkedFixture, random: () => number): Promise<number> {
  const some = <T>(from: readonly T[], least: number, most: number) =>
    Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, () => pick(from, random()));
  const id = crypto.randomUUID();
  const history = createHistory();
  const inner = some([0], 3, 4).map(() => open({ timeoutMs: 60 }));
  const limits = { everySeconds: 0.01, pingTimeoutMs: 30, reconnectTimeoutMs: 60 };
  const handlers = inner.map((handler) => history.record(withConnectionCheck(handler, limits)));
  const clients = handlers.map((handler, client) => callInTurn(handler, id, some(kinds, 2, 6), `client ${client}`));
  const left = some(disturbances, 1, 4);
  await during(clients, async () => {
    const next = left.shift();
    if (next === "reconnect") await Promise.allSettled(inner.map((handler) => handler.reconnect()));
    else if (next) disturb(proxy, next);
    await wait(2);
    proxy.replies.lost = false;
    for (const direction of [proxy.requests, proxy.replies]) direction.delayMs = 0;
  });
  proxy.heal();
  await history.record(direct).read(id);
  for (const handler of handlers) await handler.close();
  assert.equal(history.check(), "linearizable", `Not linearizable:\n${history.describe()}`);
  return (history.entries.get(id) ?? []).filter(({ answer }) => answer === "unknown").length;
}

function pick<T>(from: readonly T[], chance: number): T {
  return from[Math.floor(chance * from.length)] as T; // a probability is below 1
}

/** Repeats an action until all the others are done. */
async function during(running: readonly Promise<void>[], act: () => Promise<void>): Promise<void> {
  let isOver = false;
  const all = Promise.all(running).finally(() => {
    isOver = true;
  });
  while (!isOver) await act();
  await all;
}

function disturb(proxy: FaultProxy, how: Disturbance): void {
  if (how === "reset") proxy.resetAll();
  if (how === "close") proxy.finAll();
  if (how === "silence") proxy.silence();
  if (how === "swallow") proxy.replies.lost = true;
  if (how === "delay") for (const direction of [proxy.requests, proxy.replies]) direction.delayMs = 3;
}

/** Makes the calls of one client, each based on the state it saw last. */
async function callInTurn(handler: SessionHandler, id: string, plan: readonly Kind[], name: string): Promise<void> {
  let seen: Version | undefined;
  for (const [index, kind] of plan.entries()) {
    try {
      seen = await versionAfter(handler, id, kind, seen, `${name}, call ${index}`);
    } catch (error) {
      if (!isSessionError(error)) throw error;
    }
  }
}

async function versionAfter(
  handler: SessionHandler,
  id: string,
  kind: Kind,
  seen: Version | undefined,
  content: string,
): Promise<Version | undefined> {
  if (kind === "read") return (await handler.read(id))?.version;
  if (kind === "touch") {
    await handler.touch(id, ttlSeconds);
    return seen;
  }
  if (kind === "create" || kind === "replace") {
    const replaces = kind === "create" ? undefined : seen;
    const result = await handler.write(id, bytes(content), { replaces, ttlSeconds });
    return result.written ? result.version : result.current?.version;
  }
  const result = await handler.destroy(id, kind === "destroy" || seen === undefined ? {} : { replaces: seen });
  return result.destroyed ? undefined : result.current?.version;
}

/** Increments a counter this many times, each time based on its current value, and counts the outcomes. */
async function countTo(
  times: number,
  handler: SessionHandler,
  id: string,
  counts: { acknowledged: number; doubtful: number },
): Promise<void> {
  for (let round = 0; round < times; round += 1) {
    try {
      const current = await handler.read(id);
      const next = bytes(String(Number(textOf(current)) + 1));
      const result = await handler.write(id, next, { replaces: current?.version, ttlSeconds });
      if (result.written) counts.acknowledged += 1;
    } catch (error) {
      if (isSessionError(error) && error.outcome === "unknown") counts.doubtful += 1;
    }
  }
}
