import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { Call, Clock, SessionError, Version } from "sessionwire";
import { createVirtualClock, rejects, settled, simulateNetwork } from "sessionwire/testing";
import { handlerWith, hanging } from "./fakes.ts";
import { bytes, type Law, partsOf, type Subject, watch } from "./law.ts";
import { createStandingClock } from "./standing-clock.ts";

const create = { replaces: undefined, ttlSeconds: 60 };

/** What a handler owes its caller while a call is under way, on a network that can be broken. */
export const callLaws: readonly Law<Subject>[] = [
  {
    law: 27,
    says: "handlers with different prefixes never see each other's sessions",
    async check(subject) {
      const keys: string[] = [];
      const { createGuardedHandler } = subject;
      const backend = {
        read: (key: string) => void keys.push(key),
        write: () => ({ written: false as const, current: undefined }),
        touch: () => false,
        destroy: () => ({ destroyed: false as const, current: undefined }),
        close() {},
      };
      for (const prefix of ["s", "a:b:", ":", "::", "a:b", 7 as never, "\ud800:"]) {
        assert.throws(() => createGuardedHandler(backend, { name: "A store", prefix }), RangeError);
      }
      await createGuardedHandler(backend, { name: "A store", prefix: "s:" }).read("1:x");
      await createGuardedHandler(backend, { name: "A store", prefix: "s1:" }).read(":x");
      await createGuardedHandler(backend, { name: "A store" }).read("x");
      assert.deepEqual(keys, ["s:1:x", "s1::x", "x"]);
    },
  },
  {
    law: 32,
    says: "a failure is never reported as absence",
    async check(subject) {
      const { network, clock } = setUp(subject);
      network.operationError = new subject.SessionError("overloaded", "Too much.");
      const { handler } = network;
      const calls = [
        handler.read("a"),
        handler.write("a", bytes("x"), create),
        handler.touch("a", 60),
        handler.destroy("a"),
      ];
      const results = calls.map((call) => watch<unknown>(call));
      await clock.advance(100);
      assert.deepEqual(
        results.map(({ state }) => state),
        Array.from({ length: 4 }, () => "rejected"),
      );
    },
  },
  {
    law: 33,
    says: "whatever a backend throws reaches the caller as a SessionError with a code and the cause",
    async check(subject) {
      const { network, clock } = setUp(subject);
      const cause = new Error("unexpected");
      network.operationError = cause;
      const reading = rejects(network.handler.read("a"), "failed");
      await clock.advance(100);
      assert.equal((await reading).cause, cause);
    },
  },
  {
    law: 34,
    says: "a rejected change says whether it may have been applied: not before it was sent, perhaps afterwards",
    async check(subject) {
      const { network, clock } = setUp(subject);
      network.newConnections = "silent";
      const neverSent = rejects(network.handler.write("a", bytes("x"), create), "timeout", "not-applied");
      await clock.advance(2000);
      await neverSent;
      network.newConnections = "pass";
      network.loseReplies = true;
      const lost = [
        rejects(network.handler.write("a", bytes("x"), create), "timeout", "unknown"),
        rejects(network.handler.touch("a", 60), "timeout", "unknown"),
        rejects(network.handler.destroy("b"), "timeout", "unknown"),
        rejects(network.handler.read("a"), "timeout", undefined),
      ];
      await clock.advance(2000);
      await Promise.all(lost);
      assert.ok(await network.store.read("a"), "the write whose reply was lost has been applied");
      network.operationError = new subject.SessionError("overloaded", "Too much.", { outcome: "not-applied" });
      network.loseReplies = false;
      const refused = rejects(network.handler.destroy("a"), "overloaded", "not-applied");
      await clock.advance(100);
      await refused;
    },
  },
  {
    law: 35,
    says: "an error contains neither the id nor the data",
    async check(subject) {
      const { network, clock } = setUp(subject);
      network.loseReplies = true;
      const id = "SECRET-ID";
      const calls = [
        rejects(network.handler.write(id, bytes("SECRET-DATA"), create), "timeout", "unknown"),
        rejects(network.handler.read(`${id}\ud800`), "invalid_id"),
        rejects(network.handler.write(id, new Uint8Array(2_000_000), create), "too_large", "not-applied"),
      ];
      await clock.advance(2000);
      for (const error of await Promise.all(calls)) {
        assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error), /SECRET/);
      }
    },
  },
  {
    law: 36,
    says: "a call is passed on to the store once, whatever becomes of it",
    async check(subject) {
      const { network, clock } = setUp(subject);
      network.loseReplies = true;
      const writing = rejects(network.handler.write("a", bytes("x"), create), "timeout", "unknown");
      await clock.advance(10_000);
      await writing;
      assert.equal(network.executed, 1);
    },
  },
  {
    law: 37,
    says: "a replacing write that takes effect late never does so over a newer one",
    async check(subject) {
      const { network, clock } = setUp(subject);
      const first = await network.store.write("a", bytes("one"), create);
      assert.ok(first.written);
      const connecting = network.handler.ping();
      await clock.advance(10);
      await connecting;
      network.latencyMs = 3000;
      const late = rejects(
        network.handler.write("a", bytes("late"), { replaces: first.version, ttlSeconds: 60 }),
        "timeout",
        "unknown",
      );
      await clock.advance(2500);
      await late;
      await network.store.write("a", bytes("newer"), { replaces: first.version, ttlSeconds: 60 });
      await clock.advance(10_000);
      assert.deepEqual((await network.store.read("a"))?.data, bytes("newer"));
    },
  },
  {
    law: 38,
    says: "every call settles by the deadline",
    async check(subject) {
      const { network, clock } = setUp(subject);
      network.newConnections = "silent";
      const calls = [network.handler.read("a"), network.handler.ping(), network.handler.reconnect()].map((call) =>
        watch<unknown>(call),
      );
      await clock.advance(1999);
      assert.deepEqual(
        calls.map(({ state }) => state),
        ["pending", "pending", "pending"],
      );
      await clock.advance(1);
      assert.deepEqual(
        calls.map(({ state }) => state),
        ["rejected", "rejected", "rejected"],
      );
    },
  },
  {
    law: 39,
    says: "an aborted call rejects in the same turn, with the signal's reason as cause, and is not sent if it was waiting",
    async check(subject) {
      const { network, clock } = setUp(subject);
      const abortion = new AbortController();
      const reason = new Error("changed my mind");
      const sent = watch(network.handler.write("a", bytes("x"), { ...create, signal: abortion.signal }));
      await clock.advance(1);
      abortion.abort(reason);
      await settled();
      assert.equal(sent.state, "rejected");
      const error = await rejects(Promise.reject(sent.error), "aborted", "unknown");
      assert.equal(error.cause, reason);
      await clock.advance(100);
    },
  },
  {
    law: 40,
    says: "close settles what is under way and leaves no timer and no listener behind",
    async check(subject) {
      const { network, clock } = setUp(subject);
      network.loseReplies = true;
      const { signal, listeners } = countListeners();
      const calls = [
        rejects(network.handler.read("a", { signal }), "closed"),
        rejects(network.handler.write("a", bytes("x"), { ...create, signal }), "closed", "unknown"),
        rejects(network.handler.ping(), "closed"),
      ];
      await clock.advance(10);
      assert.equal(listeners(), 1);
      await network.handler.close();
      await Promise.all(calls);
      assert.equal(listeners(), 0);
      assert.equal(clock.pending, 0);
      assert.equal(network.closed, true);
    },
  },
  {
    law: 70,
    says: "a call that has settled leaves no timer and no listener behind",
    async check(subject) {
      const { network, clock } = setUp(subject);
      const { signal, listeners } = countListeners();
      const call = network.handler.read("a", { signal });
      await clock.advance(100);
      await call;
      assert.equal(listeners(), 0);
      assert.equal(clock.pending, 0);
    },
  },
  {
    law: 34,
    says: "a change by a backend that does not say when it sends is never called not applied",
    async check(subject) {
      const clock = createVirtualClock();
      const applied: string[] = [];
      const late = (name: string) =>
        new Promise<never>(() => {
          clock.schedule(() => applied.push(name), 200);
        });
      const handler = subject.createGuardedHandler(
        {
          read: () => undefined,
          write: () => late("write"),
          touch: () => late("touch"),
          destroy: () => late("destroy"),
          close() {},
        },
        { name: "A store", clock, timeoutMs: 100 },
      );
      const calls = [
        rejects(handler.write("a", bytes("x"), create), "timeout", "unknown"),
        rejects(handler.touch("a", 60), "timeout", "unknown"),
        rejects(handler.destroy("a"), "timeout", "unknown"),
      ];
      await clock.advance(300);
      await Promise.all(calls);
      assert.deepEqual(applied, ["write", "touch", "destroy"]);
    },
  },
  {
    law: 34,
    says: "a backend declares that nothing has been sent yet, whatever its methods look like; what does not is not believed",
    async check(subject) {
      const declaring = changesThat((call) => call.notSentYet());
      const wrapped = {
        write: (...args: Parameters<typeof declaring.write>) => declaring.write(...args),
        touch: (key: string, ttlSeconds = 60, call?: Call) => declaring.touch(key, ttlSeconds, call as Call),
        destroy: (...args: Parameters<typeof declaring.destroy>) => declaring.destroy(...args),
      };
      const silent = changesThat(() => {});
      const late = changesThat((call) => {
        call.send(() => new Promise(() => {}));
        call.notSentYet();
      });
      for (const [backend, outcome] of [
        [declaring, "not-applied"],
        [wrapped, "not-applied"],
        [new Proxy(declaring, {}), "not-applied"],
        [silent, "unknown"],
        [{ ...declaring, ...silent }, "unknown"],
        [late, "unknown"],
      ] as const) {
        const clock = createVirtualClock();
        const handler = subject.createGuardedHandler({ ...hanging, ...backend }, { name: "A store", clock });
        const calls = [
          rejects(handler.write("a", bytes("x"), create), "timeout", outcome),
          rejects(handler.touch("a", 60), "timeout", outcome),
          rejects(handler.destroy("a"), "timeout", outcome),
        ];
        await clock.advance(2000);
        await Promise.all(calls);
      }
    },
  },
  {
    law: 34,
    says: "an error that several calls share tells each its own outcome",
    async check(subject) {
      const shared = new subject.SessionError("unavailable", "No connection.");
      const declaring = changesThat((call) => call.notSentYet(), shared);
      const silent = changesThat(() => {}, shared);
      const handlerOf = (backend: typeof declaring) =>
        subject.createGuardedHandler(
          { ...hanging, ...backend, read: () => Promise.reject(shared) },
          { name: "A store" },
        );
      await rejects(handlerOf(declaring).touch("a", 60), "unavailable", "not-applied");
      await rejects(handlerOf(silent).touch("a", 60), "unavailable", "unknown");
      await rejects(handlerOf(declaring).destroy("a"), "unavailable", "not-applied");
      assert.equal(await rejects(handlerOf(declaring).read("a"), "unavailable", undefined), shared);
    },
  },
  {
    law: 33,
    says: "an error of the store keeps its stack, class, cause and properties when it is told an outcome",
    async check(subject) {
      class StoreError extends subject.SessionError {
        readonly server = "the second one";
        override readonly name = "SessionError";
      }
      const thrown = failInTheStore(StoreError);
      const backend = { ...hanging, ...changesThat(() => {}, thrown) };
      const handler = subject.withTimeout(
        subject.withConnectionCheck(subject.createGuardedHandler(backend, { name: "A store" })),
      );
      const error = await rejects(handler.touch("a", 60), "overloaded", "unknown");
      assert.match(String(error.stack), /failInTheStore/);
      assert.ok(error instanceof StoreError && error instanceof Error);
      assert.equal(error.server, "the second one");
      assert.equal(error.cause, "a reason");
      assert.equal(Object.prototype.toString.call(error), "[object Error]");
      assert.deepEqual(error.toJSON(), {
        name: "SessionError",
        code: "overloaded",
        message: "Too much.",
        outcome: "unknown",
      });
    },
  },
  {
    law: 38,
    says: "a handler on a network has a deadline of two seconds unless it is told another, and closing has it, too",
    async check(subject) {
      const clock = createVirtualClock();
      const handler = subject.createGuardedHandler(hanging, { name: "A store", clock });
      const reading = watch(handler.read("a"));
      await clock.advance(2000);
      await rejects(Promise.reject(reading.error), "timeout");
      const closing = watch(handler.close());
      await clock.advance(2000);
      await rejects(Promise.reject(closing.error), "timeout");
    },
  },
  {
    law: 38,
    says: "an answer that has arrived when the time is up counts, though the process stood still; what is late by two turns does not",
    async check(subject) {
      for (const create of [
        (clock: Clock) => (backend: typeof hanging) =>
          subject.createGuardedHandler(backend, { name: "A store", timeoutMs: 500, clock }),
        (clock: Clock) => (backend: typeof hanging) =>
          subject.withTimeout(handlerWith(backend), { timeoutMs: 500, clock }),
      ]) {
        for (const turns of [0, 1, 2]) {
          const clock = createStandingClock();
          const answers: ((answer: undefined) => void)[] = [];
          const read = () => new Promise<never>((resolve) => answers.push(resolve as () => void));
          const call = watch(create(clock)({ ...hanging, read }).read("a"));
          await clock.standStill(2100);
          for (let passed = 0; passed < turns; passed += 1) await clock.turn();
          assert.equal(call.state, turns === 2 ? "rejected" : "pending", `after ${turns} turns`);
          for (const answer of answers) answer(undefined);
          await settled();
          assert.equal(call.state, turns === 2 ? "rejected" : "resolved", `after ${turns} turns`);
          assert.equal(clock.pending, 0);
        }
      }
    },
  },
  {
    law: 39,
    says: "any number of calls may share a signal, and one listener on it is enough",
    async check(subject) {
      const { network, clock } = setUp(subject);
      network.loseReplies = true;
      const abortion = new AbortController();
      const { listeners } = countListeners(abortion.signal);
      const calls = Array.from({ length: 20 }, () => watch(network.handler.read("a", { signal: abortion.signal })));
      await clock.advance(10);
      assert.equal(listeners(), 1);
      abortion.abort();
      await settled();
      assert.ok(calls.every(({ state }) => state === "rejected"));
      assert.equal(listeners(), 0);
    },
  },
  {
    law: 33,
    says: "options that would change what a call means are refused: no replaces in a write, a misspelled one in a destroy",
    async check(subject) {
      const handler = subject.createMemoryHandler();
      await handler.write("a", bytes("x"), create);
      for (const decorated of [handler, subject.withTimeout(handler)]) {
        for (const options of [undefined, null, {}, { ttlSeconds: 60 }] as never[]) {
          await assert.rejects(decorated.write("b", bytes("x"), options), TypeError);
        }
        for (const options of [null, "version", 5, { replace: "v" }, { replaces: "v", tll: 1 }] as never[]) {
          await assert.rejects(decorated.destroy("a", options), TypeError);
        }
      }
      assert.ok(await handler.read("a"));
      assert.equal(await handler.read("b"), undefined);
    },
  },
  {
    law: 33,
    says: "what is no backend, no handler or no options is refused when the handler is made",
    async check(subject) {
      const { createGuardedHandler, withTimeout, withConnectionCheck } = subject;
      for (const wrong of [{}, null, "redis://localhost", { read() {} }] as never[]) {
        assert.throws(() => createGuardedHandler(wrong, { name: "A store" }), TypeError);
        assert.throws(() => withTimeout(wrong), TypeError);
        assert.throws(() => withConnectionCheck(wrong), TypeError);
      }
      const handler = subject.createMemoryHandler();
      assert.throws(() => withTimeout({ ...handler, touch: "a text" } as never), TypeError);
      for (const wrong of [500, null, "1 s"] as never[]) {
        assert.throws(() => withTimeout(handler, wrong), TypeError);
        assert.throws(() => withConnectionCheck(handler, wrong), TypeError);
      }
    },
  },
];

/** Changes that say that, and then fail, or never end. */
function changesThat(say: (call: Call) => void, failure?: Error) {
  const end = (call: Call) => {
    say(call);
    return failure ? Promise.reject(failure) : new Promise<never>(() => {});
  };
  return {
    write: (_key: string, _data: Uint8Array, _condition: object, call: Call) => end(call),
    touch: (_key: string, _ttlSeconds: number, call: Call) => end(call),
    destroy: (_key: string, _replaces: Version | undefined, call: Call) => end(call),
  };
}

function failInTheStore(StoreError: typeof SessionError): SessionError {
  return new StoreError("overloaded", "Too much.", { cause: "a reason" });
}

function setUp(subject: Subject) {
  const clock = createVirtualClock();
  const network = simulateNetwork({ ...partsOf(subject, clock), clock, timeoutMs: 2000 });
  return { clock, network };
}

function countListeners(signal = new AbortController().signal): { signal: AbortSignal; listeners: () => number } {
  let count = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count -= 1;
    remove(...args);
  };
  return { signal, listeners: () => count };
}
