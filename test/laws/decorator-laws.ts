import assert from "node:assert/strict";
import type { NetworkedSessionHandler, SessionHandler } from "sessionwire";
import { createVirtualClock, rejects, settled, simulateNetwork, started, type VirtualClock } from "sessionwire/testing";
import { handlerWith, hanging } from "./fakes.ts";
import { bytes, type Law, partsOf, type Subject, watch } from "./law.ts";

const create = { replaces: undefined, ttlSeconds: 3600 };

/** What every decorator owes to what it is put around. That they keep the laws of a handler is tested with the handlers. */
export const decoratorLaws: readonly Law<Subject>[] = [
  {
    law: 38,
    says: "withTimeout settles every call by its deadline, whatever the handler inside does",
    async check(subject) {
      const clock = createVirtualClock();
      const handler = subject.withTimeout(handlerWith(hanging), { timeoutMs: 500, clock });
      const calls = [
        rejects(handler.read("a"), "timeout"),
        rejects(handler.write("a", bytes("x"), create), "timeout", "unknown"),
        rejects(handler.touch("a", 60), "timeout", "unknown"),
        rejects(handler.destroy("a"), "timeout", "unknown"),
        rejects(handler.ping(), "timeout"),
        rejects(handler.reconnect(), "timeout"),
      ];
      const states = calls.map((call) => watch<unknown>(call));
      await clock.advance(499);
      assert.ok(states.every(({ state }) => state === "pending"));
      await clock.advance(1);
      await Promise.all(calls);
      const closing = rejects(handler.close(), "timeout");
      await clock.advance(500);
      await closing;
      assert.equal(clock.pending, 0);
    },
  },
  {
    law: 38,
    says: "withTimeout tells the handler inside to give up, and drops what it says later",
    async check(subject) {
      const clock = createVirtualClock();
      const signals: AbortSignal[] = [];
      const slow = handlerWith({
        read: (_, options) => {
          if (options?.signal) signals.push(options.signal);
          return new Promise((_, reject) => clock.schedule(() => reject(new Error("late")), 1000));
        },
      });
      const handler = subject.withTimeout(slow, { timeoutMs: 500, clock });
      const call = rejects(handler.read("a"), "timeout");
      await clock.advance(500);
      await call;
      assert.deepEqual(
        signals.map(({ aborted }) => aborted),
        [true],
      );
      await clock.advance(1000);
    },
  },
  {
    law: 38,
    says: "withTimeout refuses limits that are no whole number of milliseconds from 1 to 2^31 - 1, and unknown options",
    async check(subject) {
      const handler = handlerWith({});
      for (const timeoutMs of [0, -1, 0.5, Number.NaN, Infinity, 2 ** 31, "5" as never, null as never]) {
        assert.throws(() => subject.withTimeout(handler, { timeoutMs }), RangeError);
      }
      assert.throws(() => subject.withTimeout(handler, { timeout: 5 } as never), TypeError);
    },
  },
  {
    law: 105,
    says: "with nothing to do, a decorator passes every call on once and nothing else",
    async check(subject) {
      for (const decorate of decorators(subject, createVirtualClock())) {
        const calls: string[] = [];
        const inner = handlerWith(
          Object.fromEntries(
            (["read", "write", "touch", "destroy"] as const).map((method) => [
              method,
              async () => {
                calls.push(method);
              },
            ]),
          ),
        );
        const handler = decorate(inner);
        await handler.read("a");
        await handler.write("a", bytes("x"), create);
        await handler.touch("a", 60);
        await handler.destroy("a");
        assert.deepEqual(calls, ["read", "write", "touch", "destroy"]);
      }
    },
  },
  {
    law: 106,
    says: "a decorated handler can ping, reconnect and name connections just when the one inside can",
    async check(subject) {
      for (const decorate of decorators(subject, createVirtualClock())) {
        const plain = decorate(subject.createMemoryHandler({ maxBytes: 1234 }));
        assert.equal(plain.maxBytes, 1234);
        assert.ok(!("maxBytes" in decorate(handlerWith({}))));
        for (const method of ["ping", "reconnect", "connectionOf"]) assert.ok(!(method in plain), method);
        const passed: unknown[] = [];
        const networked = decorate(
          new (class {
            readonly #name = "a class of its own";
            read = async () => undefined;
            write = async () => ({ written: false, current: undefined }) as const;
            touch = async () => false;
            destroy = async () => ({ destroyed: false, current: undefined }) as const;
            close = async () => {};
            [Symbol.asyncDispose] = async () => {};
            async ping(options?: object) {
              passed.push([this.#name, "ping", options && "connection" in options && options.connection]);
            }
            async reconnect(options?: object) {
              passed.push([this.#name, "reconnect", options && "connection" in options && options.connection]);
            }
            connectionOf(id: string) {
              return `${this.#name} for ${id}`;
            }
          })() satisfies NetworkedSessionHandler,
        ) as NetworkedSessionHandler;
        await networked.ping({ connection: "x" });
        await networked.reconnect({ connection: "y" });
        assert.deepEqual(passed, [
          ["a class of its own", "ping", "x"],
          ["a class of its own", "reconnect", "y"],
        ]);
        assert.equal(networked.connectionOf?.("a"), "a class of its own for a");
      }
    },
  },
  {
    law: 108,
    says: "of several deadlines around each other, the shortest one counts",
    async check(subject) {
      for (const [outerMs, innerMs] of [
        [300, 700],
        [700, 300],
      ] as const) {
        const clock = createVirtualClock();
        const inner = subject.withTimeout(handlerWith(hanging), { timeoutMs: innerMs, clock });
        const call = watch(subject.withTimeout(inner, { timeoutMs: outerMs, clock }).read("a"));
        await clock.advance(299);
        assert.equal(call.state, "pending");
        await clock.advance(1);
        await rejects(Promise.reject(call.error), "timeout");
        await settled();
        assert.equal(clock.pending, 0);
      }
    },
  },
  {
    law: 108,
    says: "a deadline around a connection check limits the waiting for the check, and what was waiting is never sent",
    async check(subject) {
      const clock = createVirtualClock();
      const network = simulateNetwork({ ...partsOf(subject, clock), clock, timeoutMs: 2000 });
      const handler = subject.withTimeout(subject.withConnectionCheck(network.handler, { clock }), {
        timeoutMs: 500,
        clock,
      });
      const creating = handler.write("a", bytes("x"), create);
      await clock.advance(20);
      await creating;
      await clock.advance(20_000);
      network.silence();
      const before = started(network, "operation");
      const call = rejects(handler.touch("a", 60), "timeout", "unknown");
      await clock.advance(500);
      await call;
      await clock.advance(10_000);
      assert.equal(started(network, "operation"), before);
    },
  },
  {
    law: 109,
    says: "errors of the package and wrong arguments pass unchanged, and foreign errors are wrapped once",
    async check(subject) {
      const own = new subject.SessionError("overloaded", "Too much.", { outcome: "not-applied" });
      const foreign = new Error("foreign");
      for (const decorate of decorators(subject, createVirtualClock())) {
        for (const [thrown, expected] of [
          [own, own],
          [foreign, foreign],
        ]) {
          const failing = () => Promise.reject(thrown);
          const handler = decorate(decorate(handlerWith({ touch: failing, ping: failing }))) as NetworkedSessionHandler;
          const caught = await handler.touch("a", 60).catch((error: unknown) => error);
          if (thrown === own) assert.equal(caught, expected);
          else {
            const wrapped = await rejects(Promise.reject(caught), "failed", "unknown");
            assert.equal(wrapped.cause, foreign);
          }
          const pingError = await handler.ping().catch((error: unknown) => error);
          assert.equal(thrown === own ? pingError : (pingError as Error).cause, expected);
        }
        const synchronous = decorate(
          handlerWith({
            read: () => {
              throw foreign;
            },
          }),
        );
        await rejects(synchronous.read("a"), "failed");
      }
    },
  },
  {
    law: 110,
    says: "close passes through the stack once, however often it is called",
    async check(subject) {
      for (const decorate of decorators(subject, createVirtualClock())) {
        let closes = 0;
        const handler = decorate(
          decorate(
            handlerWith({
              close: async () => {
                closes += 1;
              },
            }),
          ),
        );
        await Promise.all([handler.close(), handler.close(), handler[Symbol.asyncDispose]()]);
        await handler.close();
        assert.equal(closes, 1);
        await rejects(handler.read("a"), "closed");
      }
    },
  },
];

type Decorate = (handler: SessionHandler) => SessionHandler;

function decorators({ withTimeout, withConnectionCheck }: Subject, clock: VirtualClock): Decorate[] {
  return [
    (handler) => withTimeout(handler, { clock }),
    (handler) => withConnectionCheck(handler, { clock }),
    (handler) => withConnectionCheck(handler, { clock, everySeconds: Infinity }),
  ];
}
