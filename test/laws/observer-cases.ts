import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { CallObserver, ObservedCall, SessionObserver } from "sessionwire";
import { SessionError } from "sessionwire";
import {
  type ConformanceCase,
  createReferenceHandler,
  createScriptedHandler,
  createVirtualClock,
  rejects,
  simulateNetwork,
} from "sessionwire/testing";
import { bytes, type Subject } from "./law.ts";

type Parts = Pick<Subject, "withObserver" | "withConnectionCheck">;

const create = { replaces: undefined, ttlSeconds: 3600 };

/** The promises of `withObserver` that no other decorator makes. */
export function observerCases(parts: Parts): ConformanceCase[] {
  return Object.entries(checks).map(([name, check]) => ({
    name,
    law: Number(/\(law (\d+)\)$/.exec(name)?.[1]),
    run: () => check(parts),
  }));
}

const checks: Readonly<Record<string, (parts: Parts) => Promise<void>>> = {
  async "an observer hears of each operation once, and how the store answered (law 136)"({ withObserver }) {
    const heard: string[] = [];
    const handler = withObserver(createReferenceHandler(), noting(heard));
    const writing = await handler.write("a", bytes("x"), create);
    await handler.write("a", bytes("y"), create);
    assert(writing.written);
    await handler.write("gone", bytes("y"), { replaces: writing.version, ttlSeconds: 60 });
    await handler.read("a");
    await handler.read("gone");
    await handler.touch("a", 60);
    await handler.touch("gone", 60);
    await handler.list();
    await handler.write("a", bytes("y"), { replaces: writing.version, ttlSeconds: 60 });
    await handler.destroy("a", { replaces: writing.version });
    await handler.destroy("a");
    await handler.destroy("a");
    assert.deepEqual(heard, [
      ...["session.write: done", "session.write: conflict", "session.write: absent"],
      ...["session.read: done", "session.read: absent", "session.touch: done", "session.touch: absent"],
      ...["session.list: done", "session.write: done"],
      ...["session.destroy: conflict", "session.destroy: done", "session.destroy: absent"],
    ]);
  },
  async "an observer hears of a failure as a failure, with the error of the caller (law 136)"({ withObserver }) {
    const inner = createScriptedHandler(createReferenceHandler());
    const failed: SessionError[] = [];
    const handler = withObserver(inner, {
      begin: () => ({
        answered: () => assert.fail("It has not answered."),
        failed: (error) => void failed.push(error),
      }),
    });
    const failure = new SessionError("overloaded", "Too much.", { outcome: "not-applied" });
    inner.next("write", () => Promise.reject(failure));
    await rejects(handler.write("a", bytes("x"), create), "overloaded", "not-applied");
    assert.deepEqual(failed, [failure]);
  },
  async "an observer hears the answer before the caller does (law 136)"({ withObserver }) {
    const heard: string[] = [];
    await withObserver(createReferenceHandler(), noting(heard))
      .read("a")
      .then(() => heard.push("caller"));
    assert.deepEqual(heard, ["session.read: absent", "caller"]);
  },
  async "inside a connection check, an observer hears of the ping that failed, of the reconnection, and of the operation (law 136)"({
    withObserver,
    withConnectionCheck,
  }) {
    const clock = createVirtualClock();
    const network = simulateNetwork({ clock, timeoutMs: 2000 });
    const heard: string[] = [];
    const handler = withConnectionCheck(withObserver(network.handler, noting(heard)), { clock });
    const first = handler.read("a");
    await clock.advance(20);
    await first;
    await clock.advance(20_000);
    network.silence();
    const second = handler.read("a");
    await clock.advance(4000);
    await second;
    assert.deepEqual(heard, [
      ...["session.read: absent", "connection.ping: failed"],
      ...["connection.reconnect: done", "session.read: absent"],
    ]);
  },
  async "an observer that throws, on the spot or later, fails no call, and its errors are reported (law 137)"({
    withObserver,
  }) {
    for (const fail of [throwIt, rejectIt]) {
      const errors: unknown[] = [];
      const ending: CallObserver = { run: fail, answered: fail, failed: fail };
      const inner = createScriptedHandler(createReferenceHandler());
      const handler = withObserver(inner, { begin: () => ending }, { onError: (error) => void errors.push(error) });
      assert((await handler.write("a", bytes("x"), create)).written);
      inner.next("read", () => Promise.reject(new SessionError("unavailable", "No connection.")));
      await rejects(handler.read("a"), "unavailable");
      assert.deepEqual(errors, [thrown, thrown, thrown, thrown]);
    }
    const errors: unknown[] = [];
    const options = { onError: (error: unknown) => void errors.push(error) };
    const handler = withObserver(createReferenceHandler(), { begin: throwIt }, options);
    assert.equal(await handler.read("a"), undefined);
    assert.deepEqual(errors, [thrown]);
  },
  async "a call is passed on once, whether an observer passes it on never, once, twice or too late (law 137)"({
    withObserver,
  }) {
    let late = () => {};
    const ways: readonly CallObserver[] = [
      { run() {} },
      { run: (passOn) => passOn() },
      {
        run(passOn) {
          passOn();
          passOn();
        },
      },
      {
        run(passOn) {
          late = passOn;
        },
      },
      {
        run(passOn) {
          passOn();
          throwIt();
        },
      },
    ];
    for (const way of ways) {
      const inner = createScriptedHandler(createReferenceHandler());
      await withObserver(inner, { begin: () => way }, { onError: () => {} }).touch("a", 60);
      late();
      assert.equal(inner.count("touch"), 1);
    }
  },
  async "while nobody listens, an observer is not asked, and calls pass all the same (law 137)"({ withObserver }) {
    const heard: string[] = [];
    const observer = { ...noting(heard), isListening: false };
    const handler = withObserver(createReferenceHandler(), observer);
    assert((await handler.write("a", bytes("x"), create)).written);
    assert(await handler.read("a"));
    assert(await handler.touch("a", 60));
    await handler.list();
    await handler.destroy("a");
    assert.deepEqual(heard, []);
    observer.isListening = true;
    await handler.read("a");
    assert.deepEqual(heard, ["session.read: absent"]);
    await handler.close();
    observer.isListening = false;
    await rejects(handler.read("a"), "closed");
  },
  async "an observer that is none, and options that cannot be used, are refused (law 137)"({ withObserver }) {
    const inner = createReferenceHandler();
    for (const wrong of [undefined, null, {}, { begin: 1 }, () => {}] as never[]) {
      assert.throws(() => withObserver(inner, wrong), TypeError);
    }
    for (const wrong of [{ onerror: () => {} }, { onError: 1 }, null, 5] as never[]) {
      assert.throws(() => withObserver(inner, noting([]), wrong), TypeError);
    }
  },
  async "an observer sees neither ids nor data nor foreign errors, and a hash in place of the id (law 138)"({
    withObserver,
  }) {
    const seen: unknown[] = [];
    const calls: ObservedCall[] = [];
    const observer: SessionObserver = {
      begin(call) {
        seen.push(call);
        calls.push(call);
        return { answered: (result) => void seen.push(result), failed: (error) => void seen.push(error) };
      },
    };
    const inner = createScriptedHandler(createReferenceHandler());
    const handler = withObserver(inner, observer, { secret: "of the channel" });
    await handler.write("SECRET-ID", bytes("SECRET-DATA"), create);
    await handler.write("SECRET-ID", bytes("SECRET-DATA"), create);
    await handler.read("SECRET-ID");
    inner.next("read", () => Promise.reject(new Error("SECRET-ID is locked")));
    await rejects(handler.read("SECRET-ID"), "failed");
    await withObserver(createReferenceHandler(), observer).list({ prefix: "SECRET" });
    for (const each of seen) {
      const text = inspect(each, { depth: 10, showHidden: true, getters: true }) + JSON.stringify(each);
      assert.doesNotMatch(text, /SECRET|83, 69, 67, 82, 69, 84/);
    }
    const hashes = new Set(calls.map(({ keyHash }) => keyHash));
    assert.deepEqual([...hashes], ["HS_sT7t3FPXaUNvtK1_0K7HZEZcnmYif987Ekxs-c_8", undefined]);
  },
};

const thrown = new Error("of the observer");

function throwIt(): never {
  throw thrown;
}

/** As an async method does, which fits where nothing is expected. */
function rejectIt(): never {
  return Promise.reject(thrown) as never;
}

/** An observer that writes down the end of each call. */
function noting(heard: string[]) {
  return {
    begin: ({ name }: ObservedCall): CallObserver => ({
      answered: (result) => void heard.push(`${name}: ${result}`),
      failed: () => void heard.push(`${name}: failed`),
    }),
  };
}
