import assert from "node:assert/strict";
import { withConnectionCheck } from "sessionwire";
import type { NewConnections } from "../../fault-proxy.ts";
import { bytes, rejects } from "../law.ts";
import {
  type CountedHandler,
  createSession,
  type NetworkedFixture,
  type NetworkedLaw,
  slackMs,
  textAt,
  ttlSeconds,
} from "./fixture.ts";
import { inTime, isPendingAfter, until } from "./waiting.ts";

const limits = { everySeconds: 0.2, pingTimeoutMs: 150, reconnectTimeoutMs: 500 };
const checkMs = limits.pingTimeoutMs + limits.reconnectTimeoutMs;
/** The deadline of handlers without a check, in ms. */
const timeoutMs = 300;
const fifty = Array.from({ length: 50 });

const outages: readonly (readonly [string, NewConnections])[] = [
  ["refused", "refuse"],
  ["as silent", "silent"],
];

/** A silently dropped connection costs a deadline, and with a check only a moment. */
export const silenceLaws: readonly NetworkedLaw[] = [
  {
    law: 60,
    says: "a connection that was silently dropped while idle costs a call its deadline, and is replaced by a check (law 38)",
    async check({ proxy, direct, open }) {
      const handler = open({ timeoutMs });
      const checked = withConnectionCheck(open(), limits);
      const { id } = await createSession(direct);
      await Promise.all([handler.read(id), checked.read(id)]);
      proxy.silence();
      await idle();
      await inTime(timeoutMs + slackMs, rejects(handler.read(id), "timeout"));
      assert.equal(await inTime(checkMs, textAt(checked, id)), "first");
      await handler.reconnect();
      assert.equal(await textAt(handler, id), "first");
    },
  },
  ...outages.map(
    ([how, newConnections]): NetworkedLaw => ({
      law: 53,
      says: `while new connections are ${how}, a check reports it in time, and recovers with the network (laws 58 and 60)`,
      async check({ proxy, direct, open }) {
        const checked = withConnectionCheck(open(), limits);
        const { id } = await createSession(direct);
        const replaces = (await checked.read(id))?.version;
        proxy.silence();
        proxy.newConnections = newConnections;
        await idle();
        const write = checked.write(id, bytes("second"), { replaces, ttlSeconds });
        const { cause } = await inTime(checkMs + slackMs, rejects(write, "unavailable", "not-applied"));
        assert.ok(cause instanceof AggregateError);
        assert.equal(cause.errors.length, 2);
        // The network is back to normal; silent connections stay silent, as with a replaced host.
        proxy.newConnections = "pass";
        assert.equal(await inTime(checkMs, textAt(checked, id)), "first");
      },
    }),
  ),
  {
    law: 78,
    says: "a dead connection costs 50 simultaneous calls one ping and one reconnection, and all succeed, sent once each (law 36)",
    async check(fixture) {
      await callFiftyTimes(fixture);
    },
  },
  {
    law: 51,
    says: "a dead connection costs 50 simultaneous calls one new connection",
    async check(fixture) {
      const { accepted } = fixture.proxy;
      await callFiftyTimes(fixture);
      assert.equal(fixture.proxy.accepted, accepted + 2); // the dropped one is the other
    },
  },
  {
    law: 61,
    says: "a connection that is silently dropped in use costs that call its deadline, and the next one a check",
    async check({ proxy, direct, open }) {
      const handler = open({ timeoutMs });
      const checked = withConnectionCheck(handler, { ...limits, everySeconds: 20 });
      const { id } = await createSession(direct);
      const replaces = (await checked.read(id))?.version;
      proxy.silence();
      proxy.newConnections = "silent";
      const write = () => checked.write(id, bytes("second"), { replaces, ttlSeconds });
      await inTime(timeoutMs + slackMs, rejects(write(), "timeout", "unknown"));
      assert.equal(handler.asked.pings, 0);
      proxy.newConnections = "pass";
      assert.ok((await inTime(checkMs, write())).written);
      assert.equal(handler.asked.pings, 1);
    },
  },
  {
    law: 38,
    says: "a new connection that is accepted and never answered is given up with the call that opened it",
    async check({ proxy, direct, open }) {
      const { id } = await createSession(direct);
      proxy.newConnections = "silent";
      const handler = open({ timeoutMs });
      const write = handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds });
      await inTime(timeoutMs + slackMs, rejects(write, "timeout", "any"));
      await until(() => proxy.open === 0);
      proxy.newConnections = "pass";
      assert.equal(await textAt(handler, id), "first");
    },
  },
  {
    law: 46,
    says: "a slow network is not taken for a dead one",
    async check(fixture) {
      const { asked } = await callSlowly(fixture);
      assert.equal(asked.reconnects, 0);
    },
  },
  {
    law: 44,
    says: "a thousand simultaneous calls open one connection, and each gets its own answer",
    async check({ proxy, open }) {
      const handler = open();
      const ids = Array.from({ length: 1000 }, () => crypto.randomUUID());
      await Promise.all(ids.map((id) => handler.write(id, bytes(id), { replaces: undefined, ttlSeconds })));
      assert.deepEqual(await Promise.all(ids.map((id) => textAt(handler, id))), ids);
      assert.equal(proxy.accepted, 1);
    },
  },
  {
    law: 51,
    says: "a slow network costs no new connection",
    async check(fixture) {
      await callSlowly(fixture);
      assert.equal(fixture.proxy.accepted, 1);
    },
  },
  {
    law: 70,
    says: "a dead connection is released when it is replaced, and one that is never answered with the call that opened it",
    async check({ proxy, open }) {
      const handler = open({ timeoutMs });
      const checked = withConnectionCheck(open(), limits);
      await Promise.all([handler.read("a"), checked.read("a")]);
      proxy.silence();
      await idle();
      for (const _ of "12") await rejects(handler.read("a"), "timeout"); // nobody has replaced it yet
      await Promise.all([checked.read("a"), handler.reconnect()]);
      await until(() => proxy.open === 2);
      await Promise.all([checked.close(), handler.close()]);
      await until(() => proxy.open === 0);
      proxy.newConnections = "silent";
      await rejects(open({ timeoutMs }).read("a"), "timeout");
      await until(() => proxy.open === 0);
    },
  },
  {
    law: 70,
    says: "thirty timeouts leave no connection open except the one in use",
    async check({ proxy, open }) {
      proxy.newConnections = "silent";
      const short = { everySeconds: 0, pingTimeoutMs: 20, reconnectTimeoutMs: 20 };
      const checked = withConnectionCheck(open({ timeoutMs: 50 }), short);
      for (let round = 0; round < 30; round += 1) await rejects(checked.read("a"), "unavailable");
      await until(() => proxy.open <= 1);
      proxy.newConnections = "pass";
      assert.equal(await checked.read("a"), undefined);
      assert.equal(proxy.open, 1);
    },
  },
];

async function callFiftyTimes({ server, proxy, direct, open }: NetworkedFixture): Promise<void> {
  const handler = open();
  const checked = withConnectionCheck(handler, limits);
  const { id } = await createSession(direct);
  await checked.read(id);
  const before = await server.changes();
  proxy.silence();
  await idle();
  const touched = await inTime(checkMs, Promise.all(fifty.map(() => checked.touch(id, ttlSeconds))));
  assert.deepEqual(new Set(touched), new Set([true]));
  assert.deepEqual(handler.asked, { pings: 1, reconnects: 1 });
  assert.equal(await server.changes(), before + 50);
}

async function callSlowly({ proxy, direct, open }: NetworkedFixture): Promise<CountedHandler> {
  const handler = open();
  const patient = { ...limits, pingTimeoutMs: 4 * limits.pingTimeoutMs };
  const checked = withConnectionCheck(handler, patient);
  const { id } = await createSession(direct);
  await checked.read(id);
  for (const direction of [proxy.requests, proxy.replies]) direction.delayMs = patient.pingTimeoutMs / 4;
  await idle();
  assert.equal(await textAt(checked, id), "first");
  return handler;
}

/** Waits until a connection counts as idle. */
async function idle(): Promise<void> {
  await isPendingAfter(limits.everySeconds * 1000 + 20, new Promise(() => {}));
}
