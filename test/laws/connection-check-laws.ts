import assert from "node:assert/strict";
import type { ConnectionCheckOptions, NetworkedSessionHandler, SessionHandler } from "sessionwire";
import {
  createVirtualClock,
  rejects,
  type SimulatedNetwork,
  type SimulatedNetworkOptions,
  settled,
  simulateNetwork,
  started,
  type VirtualClock,
} from "sessionwire/testing";
import { handlerWith } from "./fakes.ts";
import { bytes, type Law, partsOf, type Subject, watch } from "./law.ts";
import { createStandingClock } from "./standing-clock.ts";

const create = { replaces: undefined, ttlSeconds: 3600 };
const N = 20_000;

/** The laws of `withConnectionCheck`, each on the shortest story that shows it. */
export const connectionCheckLaws: readonly Law<Subject>[] = [
  {
    law: 45,
    says: "nothing is sent on a connection that has been idle until it has been checked",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      await done(handler.read("a"), clock);
      assert.deepEqual(trail(network).slice(-4), [
        "ping start",
        "ping success",
        "operation start",
        "operation success",
      ]);
    },
  },
  {
    law: 46,
    says: "nothing is checked before the connection has been idle for so long",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      for (let round = 0; round < 5; round += 1) {
        await clock.advance(N - 10);
        await done(handler.read("a"), clock);
      }
      assert.equal(started(network, "ping"), 0);
    },
  },
  {
    law: 47,
    says: "an operation is a sign of life when its reply arrives, not when it is sent",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject, {}, { timeoutMs: 60_000 });
      network.latencyMs = 5000;
      const slow = handler.read("a");
      await clock.advance(10_000);
      await slow;
      network.latencyMs = 1;
      await clock.advance(N - 1000);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 0);
    },
  },
  {
    law: 48,
    says: "a failed ping, reconnection or operation is no sign of life",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      network.silence();
      network.newConnections = "refuse";
      for (let round = 1; round <= 3; round += 1) {
        const call = rejects(handler.read("a"), "unavailable");
        await clock.advance(5000);
        await call;
        assert.equal(started(network, "ping"), round);
        assert.equal(started(network, "reconnect"), round);
      }
    },
  },
  {
    law: 49,
    says: "the reply to a ping that comes too late is ignored",
    async check(subject) {
      const clock = createVirtualClock();
      let pings = 0;
      const late = {
        ...handlerWith({}),
        ping() {
          pings += 1;
          return new Promise<void>((resolve) => clock.schedule(resolve, 1600));
        },
        reconnect: () => Promise.reject(new Error("refused")),
      };
      const handler = subject.withConnectionCheck(late, { clock });
      await handler.read("a");
      await clock.advance(N);
      for (const round of [1, 2]) {
        const call = rejects(handler.read("a"), "unavailable");
        await clock.advance(1700);
        await call;
        assert.equal(pings, round);
      }
    },
  },
  {
    law: 50,
    says: "calls that need a ping share the one that is under way",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      const calls = [handler.read("a"), handler.touch("a", 60), handler.write("b", bytes("x"), create)];
      await clock.advance(1);
      calls.push(handler.read("b"));
      await clock.advance(20);
      await Promise.all(calls);
      assert.equal(started(network, "ping"), 1);
    },
  },
  {
    law: 51,
    says: "a failed check leads to one reconnection, whose failure is shared",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      network.silence();
      network.newConnections = "refuse";
      const calls = Array.from({ length: 5 }, () => rejects(handler.read("a"), "unavailable"));
      await clock.advance(5000);
      await Promise.all(calls);
      assert.equal(started(network, "reconnect"), 1);
    },
  },
  {
    law: 52,
    says: "there is no reconnection while pings are answered",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      network.operationError = new subject.SessionError("unavailable", "Just now.");
      const failing = rejects(handler.read("a"), "unavailable");
      await clock.advance(10);
      await failing;
      network.operationError = undefined;
      await done(handler.read("a"), clock);
      await clock.advance(N);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 2);
      assert.equal(started(network, "reconnect"), 0);
    },
  },
  {
    law: 53,
    says: "a failed check is forgotten: the next call checks again, and succeeds when it can",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      network.silence();
      network.newConnections = "refuse";
      const failing = rejects(handler.read("a"), "unavailable");
      await clock.advance(5000);
      await failing;
      network.newConnections = "pass";
      await done(handler.read("a"), clock, 1100);
    },
  },
  {
    law: 54,
    says: "an operation is passed on once, whatever becomes of it",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      const before = started(network, "operation");
      network.loseReplies = true;
      const writing = rejects(handler.write("b", bytes("x"), create), "timeout", "unknown");
      await clock.advance(10_000);
      await writing;
      network.loseReplies = false;
      network.operationError = new subject.SessionError("unavailable", "No.");
      const touching = rejects(handler.touch("b", 60), "unavailable", "unknown");
      await clock.advance(100);
      await touching;
      assert.equal(started(network, "operation"), before + 2);
    },
  },
  {
    law: 55,
    says: "the operation starts after the reconnection has finished",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      network.silence();
      await done(handler.read("a"), clock, 1100);
      assert.deepEqual(trail(network).slice(-5), [
        "ping start",
        "reconnect start",
        "reconnect success",
        "operation start",
        "operation success",
      ]);
    },
  },
  {
    law: 56,
    says: "results are those of the handler inside, also in the call that did the check",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      assert.deepEqual(await done(handler.read("a"), clock), await network.store.read("a"));
      await clock.advance(N);
      const refused = await done(handler.write("a", bytes("x"), create), clock);
      assert.deepEqual(refused, { written: false, current: await network.store.read("a") });
      assert.equal(await done(handler.touch("nobody", 60), clock), false);
      assert.deepEqual(await done(handler.destroy("a"), clock), { destroyed: true });
    },
  },
  {
    law: 57,
    says: "arguments and options are passed on unchanged",
    async check(subject) {
      const seen: unknown[][] = [];
      const inner = recordingHandler(seen);
      const handler = subject.withConnectionCheck(inner);
      const { signal } = new AbortController();
      const data = bytes("x");
      const replaces = "v1" as never;
      const calls: [keyof SessionHandler, ...unknown[]][] = [
        ["read", "a", { ttlSeconds: 7, signal }],
        ["read", "a", undefined],
        ["write", "a", data, { replaces, ttlSeconds: 8, signal }],
        ["touch", "a", 9, { signal }],
        ["destroy", "a", { replaces, signal }],
      ];
      for (const [method, ...args] of calls)
        await (handler[method] as (...args: unknown[]) => Promise<unknown>)(...args);
      assert.deepEqual(seen, calls);
    },
  },
  {
    law: 58,
    says: "when ping and reconnection have failed, the call rejects with unavailable, both errors and outcome not-applied",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      network.silence();
      network.newConnections = "refuse";
      const call = rejects(handler.touch("a", 60), "unavailable", "not-applied");
      await clock.advance(5000);
      const { cause } = await call;
      assert.ok(cause instanceof AggregateError);
      assert.deepEqual(
        cause.errors.map(({ code }) => code),
        ["timeout", "unavailable"],
      );
    },
  },
  {
    law: 52,
    says: "a healthy connection is not replaced because the process stood still while it was pinged; a dead one is",
    async check(subject) {
      for (const isHealthy of [true, false]) {
        const clock = createStandingClock();
        const answers: (() => void)[] = [];
        let reconnections = 0;
        const checked = subject.withConnectionCheck(
          handlerWith({
            ping: () => new Promise((resolve) => answers.push(resolve)),
            async reconnect() {
              reconnections += 1;
            },
          }),
          { everySeconds: 0, clock },
        );
        const call = watch(checked.read("a"));
        await clock.standStill(1100);
        if (isHealthy) for (const answer of answers) answer();
        for (let turns = 0; turns < 2; turns += 1) await clock.turn();
        assert.equal(call.state, "resolved");
        assert.equal(reconnections, isHealthy ? 0 : 1);
      }
    },
  },
  {
    law: 59,
    says: "every call settles within the three limits together",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject, {}, { timeoutMs: 1_000_000 });
      await clock.advance(N);
      network.silence();
      network.newConnections = "silent";
      const call = watch(handler.read("a"));
      await clock.advance(1000 + 3000);
      assert.equal(call.state, "rejected");
      await rejects(Promise.reject(call.error), "unavailable");
      assert.equal(clock.pending, 0);
    },
  },
  {
    law: 60,
    says: "after a silent drop, the next call on the idle connection succeeds within ping limit, reconnection and round trip",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      network.silence();
      await clock.advance(N);
      const call = watch(handler.read("a"));
      await clock.advance(1000 + 1 + 2);
      assert.equal(call.state, "resolved");
    },
  },
  {
    law: 61,
    says: "after a silent drop in use, that call fails by its deadline and the next one checks and succeeds",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      network.silence();
      const unlucky = rejects(handler.read("a"), "timeout");
      await clock.advance(2000);
      await unlucky;
      assert.equal(started(network, "ping"), 0);
      await done(handler.read("a"), clock, 1100);
      assert.equal(started(network, "reconnect"), 1);
    },
  },
  {
    law: 61,
    says: "a caller's own time limit that ran out counts as a failure as well, a change of mind does not",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      network.silence();
      for (const [reason, pings] of [
        [new Error("left"), 0],
        [new DOMException("", "TimeoutError"), 0],
        [undefined, 1],
      ] as const) {
        const abortion = new AbortController();
        const call = watch(handler.read("a", { signal: abortion.signal }));
        await clock.advance(10);
        assert.equal(started(network, "ping"), pings);
        abortion.abort(reason);
        await settled();
        assert.equal(call.state, "rejected");
      }
    },
  },
  {
    law: 62,
    says: "with N = 0 every call is preceded by a check, which it may share with calls that are waiting",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject, { everySeconds: 0 });
      const before = started(network, "ping");
      await done(handler.read("a"), clock);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), before + 2);
      const calls = [handler.read("a"), handler.read("b")];
      await clock.advance(20);
      await Promise.all(calls);
      assert.equal(started(network, "ping"), before + 3);
    },
  },
  {
    law: 63,
    says: "with N = Infinity it never pings an idle connection; NaN and negative numbers are refused",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject, { everySeconds: Infinity });
      await clock.advance(10 * 365 * 24 * 3_600_000);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 0);
      for (const everySeconds of [Number.NaN, -1, "20" as never]) {
        assert.throws(() => subject.withConnectionCheck(network.handler, { everySeconds }), RangeError);
      }
      for (const limit of [Number.NaN, 0, -1, 0.5, 2 ** 31, "5" as never]) {
        assert.throws(() => subject.withConnectionCheck(network.handler, { pingTimeoutMs: limit }), RangeError);
        assert.throws(() => subject.withConnectionCheck(network.handler, { reconnectTimeoutMs: limit }), RangeError);
      }
      assert.throws(() => subject.withConnectionCheck(network.handler, { every: 20 } as never), TypeError);
    },
  },
  {
    law: 64,
    says: "a wall clock that was set back does not suppress a check",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      clock.setWallClock(-3_600_000);
      await clock.advance(N);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 1);
    },
  },
  {
    law: 65,
    says: "after the machine was suspended, or the wall clock jumped ahead, the next call checks once",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      clock.suspend(N);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 1);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 1);
    },
  },
  {
    law: 66,
    says: "a waiting call that is aborted rejects in the same turn and is never sent",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      const before = started(network, "operation");
      const abortion = new AbortController();
      const call = watch(handler.write("b", bytes("x"), { ...create, signal: abortion.signal }));
      await settled();
      abortion.abort(new Error("left"));
      await settled();
      await rejects(Promise.reject(call.error), "aborted", "not-applied");
      await clock.advance(100);
      assert.equal(started(network, "operation"), before);
    },
  },
  {
    law: 67,
    says: "neither the shared check nor any other caller notices that one has left",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      const abortion = new AbortController();
      const leaving = watch(handler.read("a", { signal: abortion.signal }));
      const staying = handler.read("a");
      await settled();
      abortion.abort();
      await clock.advance(20);
      assert.ok(await staying);
      assert.equal(leaving.state, "rejected");
      assert.equal(started(network, "ping"), 1);
      assert.equal(started(network, "reconnect"), 0);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 1);
    },
  },
  {
    law: 68,
    says: "close during a check rejects who waits at once, starts no reconnection, and a late connection is closed again",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      network.silence();
      const waiting = watch(handler.touch("a", 60));
      await clock.advance(500);
      await handler.close();
      await settled();
      await rejects(Promise.reject(waiting.error), "closed", "not-applied");
      await clock.advance(10_000);
      assert.equal(started(network, "reconnect"), 0);

      let closes = 0;
      const stubborn = {
        ...handlerWith({}),
        ping: () => Promise.reject(new Error("no")),
        reconnect: () => new Promise<void>((resolve) => clock.schedule(resolve, 100)),
        close: async () => {
          closes += 1;
        },
      };
      const late = subject.withConnectionCheck(stubborn, { everySeconds: 0, clock });
      const call = rejects(late.read("a"), "closed");
      await clock.advance(50);
      await late.close();
      await call;
      assert.equal(closes, 1);
      await clock.advance(100);
      assert.equal(closes, 2);
    },
  },
  {
    law: 69,
    says: "after close there is no activity on the network",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      const before = network.events.length;
      await handler.close();
      await rejects(handler.read("a"), "closed");
      await rejects(handler.touch("a", 60), "closed", "not-applied");
      await rejects((handler as NetworkedSessionHandler).ping(), "closed");
      await rejects((handler as NetworkedSessionHandler).reconnect(), "closed");
      await clock.advance(100_000);
      assert.equal(network.events.length, before);

      const busy: unknown[] = [];
      const unguarded = {
        ...handlerWith({}),
        ping: async () => void busy.push("ping"),
        reconnect: async () => void busy.push("reconnect"),
      };
      const closed = subject.withConnectionCheck(unguarded);
      await closed.close();
      await rejects(closed.ping(), "closed");
      await rejects(closed.reconnect(), "closed");
      assert.deepEqual(busy, []);
    },
  },
  {
    law: 69,
    says: "a handler inside that has been closed is neither unavailable nor reconnected",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      await network.handler.close();
      await rejects(handler.touch("a", 60), "closed", "not-applied");
      assert.equal(started(network, "reconnect"), 0);
    },
  },
  {
    law: 70,
    says: "no timer is left after a call, after a failed check or after close",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      await done(handler.read("a"), clock);
      assert.equal(clock.pending, 0);
      await clock.advance(N);
      network.silence();
      network.newConnections = "refuse";
      const failing = rejects(handler.read("a"), "unavailable");
      await clock.advance(1100);
      await failing;
      assert.equal(clock.pending, 0);
    },
  },
  {
    law: 71,
    says: "whatever fails late, no rejection goes unhandled",
    async check(subject) {
      const unhandled: unknown[] = [];
      const note = (reason: unknown) => unhandled.push(reason);
      process.on("unhandledRejection", note);
      try {
        const clock = createVirtualClock();
        const later = (ms: number) =>
          new Promise<never>((_, reject) => clock.schedule(() => reject(new Error("late")), ms));
        const failing = {
          ...handlerWith({}),
          ping: () => later(2000),
          reconnect: () => later(5000),
          read: () => later(1),
        };
        const handler = subject.withConnectionCheck(failing, { clock, everySeconds: 0 });
        const calls = [handler.read("a"), handler.read("b"), handler.ping(), handler.reconnect()].map((call) =>
          watch<unknown>(call),
        );
        await clock.advance(20_000);
        assert.deepEqual(
          calls.map(({ state }) => state),
          Array.from({ length: 4 }, () => "rejected"),
        );
        await handler.close();
        await clock.advance(20_000);
      } finally {
        process.off("unhandledRejection", note);
      }
      assert.deepEqual(unhandled, []);
    },
  },
  {
    law: 73,
    says: "a ping that is answered by an error reconnects just when the handler calls it a failure",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      network.pingError = new subject.SessionError("unauthorized", "Password, please.");
      await done(handler.read("a"), clock, 100);
      assert.equal(started(network, "reconnect"), 1);
    },
  },
  {
    law: 73,
    says: "an operation that fails, whatever way, makes the next call ping; credentials that are refused then as well, reconnect",
    async check(subject) {
      for (const code of ["unavailable", "timeout", "unauthorized", "failed"] as const) {
        const { network, handler, clock } = await setUp(subject);
        network.operationError = new subject.SessionError(code, "It is not well.");
        const failed = rejects(handler.read("a"), code);
        await clock.advance(10);
        await failed;
        network.operationError = undefined;
        if (code === "unauthorized") network.pingError = new subject.SessionError(code, "Password, please.");
        await done(handler.read("a"), clock);
        assert.equal(started(network, "ping"), 1, code);
        assert.equal(started(network, "reconnect"), code === "unauthorized" ? 1 : 0, code);
      }
    },
  },
  {
    law: 74,
    says: "a failure of another kind after a refused write does not make a ping of the reconnection",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      network.latencyMs = 30_000;
      const slow = rejects(handler.read("a"), "timeout");
      await clock.advance(10);
      network.latencyMs = 1;
      network.operationError = new subject.SessionError("read_only", "A replica.", { outcome: "not-applied" });
      await done(rejects(handler.write("a", bytes("x"), create), "read_only", "not-applied"), clock);
      network.operationError = undefined;
      await clock.advance(3000);
      await slow;
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 0);
      assert.equal(started(network, "reconnect"), 1);
    },
  },
  {
    law: 74,
    says: "a write refused because the server is a replica makes the next call reconnect, without a ping",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      network.operationError = new subject.SessionError("read_only", "A replica.", { outcome: "not-applied" });
      network.latencyMs = 10;
      const refused = rejects(handler.write("a", bytes("x"), create), "read_only", "not-applied");
      await clock.advance(12);
      network.operationError = undefined;
      const underWay = handler.read("a");
      await clock.advance(30);
      await Promise.all([refused, underWay]);
      network.latencyMs = 1;
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 0);
      assert.equal(started(network, "reconnect"), 1);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "reconnect"), 1);
    },
  },
  {
    law: 75,
    says: "without ping there is a reconnection after a failure only; without reconnect a failed ping is the end of the call",
    async check(subject) {
      const { network, clock } = await setUp(subject);
      const { ping, reconnect, ...rest } = network.handler;
      const withoutPing = subject.withConnectionCheck({ ...rest, reconnect }, { clock });
      await done(withoutPing.read("a"), clock);
      await clock.advance(N);
      await done(withoutPing.read("a"), clock);
      assert.equal(started(network, "reconnect"), 0);
      network.silence();
      const unlucky = rejects(withoutPing.read("a"), "timeout");
      await clock.advance(2000);
      await unlucky;
      await done(withoutPing.read("a"), clock);
      assert.equal(started(network, "reconnect"), 1);

      const withoutReconnect = subject.withConnectionCheck({ ...rest, ping }, { clock });
      await done(withoutReconnect.read("a"), clock);
      network.silence();
      await clock.advance(N);
      const end = rejects(withoutReconnect.touch("a", 60), "unavailable", "not-applied");
      await clock.advance(1000);
      assert.ok((await end).cause instanceof AggregateError);
    },
  },
  {
    law: 76,
    says: "without traffic nothing runs, and opening a connection needs no ping",
    async check(subject) {
      const { network, handler, clock } = unused(subject);
      await clock.advance(10 * N);
      assert.deepEqual(network.events, []);
      assert.equal(clock.pending, 0);
      await done(handler.read("a"), clock);
      assert.deepEqual(trail(network), ["operation start", "operation success"]);
    },
  },
  {
    law: 77,
    says: "calls made from within the handler's own ping or reconnect do not lock it up",
    async check(subject) {
      for (const method of ["ping", "reconnect"] as const) {
        const { network, clock } = unused(subject);
        const inside: { handler?: SessionHandler; calls: number } = { calls: 0 };
        const reenter = async () => {
          inside.calls += 1;
          await inside.handler?.read("a");
        };
        const reentrant = {
          ...network.handler,
          ping: method === "ping" ? reenter : () => Promise.reject(new Error("no")),
          reconnect: method === "reconnect" ? reenter : async () => {},
        };
        inside.handler = subject.withConnectionCheck(reentrant, { clock, everySeconds: 0 });
        for (const round of [1, 2]) {
          const call = watch(inside.handler.read("a"));
          await clock.advance(6000);
          assert.notEqual(call.state, "pending");
          assert.equal(inside.calls, round);
        }
      }
    },
  },
  {
    law: 78,
    says: "fifty calls at once on a dropped connection: one ping, one reconnection, fifty successes",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      network.silence();
      await clock.advance(N);
      const calls = Array.from({ length: 50 }, () => watch(handler.read("a")));
      await clock.advance(1010);
      assert.ok(calls.every(({ state }) => state === "resolved"));
      assert.equal(started(network, "ping"), 1);
      assert.equal(started(network, "reconnect"), 1);
    },
  },
  {
    law: 60,
    says: "what is known is known of one connection: another one is checked for itself",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject, {}, { connectionOf: (id) => `server of ${id}` });
      await done(handler.read("b"), clock);
      await clock.advance(N - 100);
      await done(handler.read("b"), clock);
      await clock.advance(200);
      network.silence("server of a");
      await done(handler.read("b"), clock);
      assert.equal(started(network, "ping"), 0);
      await done(handler.read("a"), clock, 1100);
      assert.deepEqual(
        network.events
          .filter(({ kind }) => kind !== "operation")
          .map(({ kind, event, connection }) => `${kind} ${event}, ${connection}`),
        ["ping start, server of a", "reconnect start, server of a", "reconnect success, server of a"],
      );
    },
  },
  {
    law: 60,
    says: "a connection that a call has found on its way is known by what became of the call",
    async check(subject) {
      for (const [fails, afterMs] of [
        [false, N],
        [true, 0],
      ] as const) {
        let found = "";
        const { network, handler, clock } = await setUp(subject, {}, { connectionOf: () => found });
        if (fails) network.loseReplies = true;
        const first = watch(handler.read("a"));
        found = "server of a";
        await clock.advance(6000);
        assert.equal(first.state, fails ? "rejected" : "resolved");
        network.loseReplies = false;
        await clock.advance(afterMs);
        await done(handler.read("a"), clock);
        assert.equal(started(network, "ping"), 1);
      }
    },
  },
  {
    law: 60,
    says: "a connection whose first call nobody waited for is checked as well",
    async check(subject) {
      const { network, handler, clock } = unused(subject);
      const abortion = new AbortController();
      const left = rejects(handler.read("a", { signal: abortion.signal }), "aborted");
      await clock.advance(1);
      abortion.abort();
      await left;
      network.silence();
      await clock.advance(N);
      await done(handler.read("a"), clock, 1100);
    },
  },
  {
    law: 5,
    says: "what the caller changes while his call is waiting for a check has no effect",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      await clock.advance(N);
      const data = bytes("meant");
      const options = { ...create };
      const writing = handler.write("b", data, options);
      data.fill(0);
      options.ttlSeconds = 1;
      await done(writing, clock);
      await clock.advance(2000);
      assert.deepEqual((await network.store.read("b"))?.data, bytes("meant"));
    },
  },
  {
    law: 47,
    says: "an answer on a connection that has been replaced is no sign of life of the new one",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject, {}, { timeoutMs: 60_000 });
      network.latencyMs = 5000;
      const slow = watch(handler.read("a"));
      await clock.advance(100);
      network.latencyMs = 1;
      await done(handler.reconnect(), clock);
      await clock.advance(10_000);
      assert.equal(slow.state, "resolved");
      await clock.advance(N - 10_000);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 1);
    },
  },
  {
    law: 48,
    says: "what becomes of calls on a connection that has been replaced says nothing about the new one",
    async check(subject) {
      const { network, handler, clock } = await setUp(subject);
      network.silence();
      await clock.advance(N - 100);
      const unlucky = rejects(handler.read("a"), "timeout");
      await clock.advance(200);
      await done(handler.read("a"), clock, 1100);
      await clock.advance(2000);
      await unlucky;
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 1);
    },
  },
];

interface Scene {
  readonly network: SimulatedNetwork;
  readonly handler: NetworkedSessionHandler;
  readonly clock: VirtualClock;
}

/** A checked handler on which nothing has happened yet. */
function unused(
  subject: Subject,
  options: ConnectionCheckOptions = {},
  networkOptions: Partial<SimulatedNetworkOptions> = {},
): Scene {
  const clock = createVirtualClock();
  const network = simulateNetwork({ ...partsOf(subject, clock), clock, timeoutMs: 2000, ...networkOptions });
  return { clock, network, handler: subject.withConnectionCheck(network.handler, { clock, ...options }) };
}

/** A checked handler that has just created session a. */
async function setUp(...args: Parameters<typeof unused>): Promise<Scene> {
  const scene = unused(...args);
  await done(scene.handler.write("a", bytes("data"), create), scene.clock);
  return scene;
}

/** What the call resolves with, which it must do within so much time. */
async function done<T>(promise: Promise<T>, clock: VirtualClock, withinMs = 10): Promise<T> {
  const call = watch(promise);
  for (let passed = 0; passed < withinMs && call.state === "pending"; passed += 1) await clock.advance(1);
  if (call.state === "rejected") throw call.error;
  assert.equal(call.state, "resolved", `Not settled after ${withinMs} ms.`);
  return call.value as T;
}

function trail(network: SimulatedNetwork): string[] {
  return network.events.map(({ kind, event }) => `${kind} ${event}`);
}

function recordingHandler(seen: unknown[][]): NetworkedSessionHandler {
  const record =
    (method: string, result: unknown) =>
    async (...args: unknown[]) => {
      seen.push([method, ...args]);
      return result as never;
    };
  return handlerWith({
    read: record("read", undefined),
    write: record("write", { written: false, current: undefined }),
    touch: record("touch", false),
    destroy: record("destroy", { destroyed: true }),
  });
}
