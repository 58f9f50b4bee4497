import { inspect } from "node:util";
import { type NetworkedSessionHandler, SessionError, type SessionHandler, withTimeout } from "sessionwire";
import { type DecoratorHooks, decorateHandler, type Operation } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { createVirtualClock, defineCases, handlerCases, rejects, settled } from "sessionwire/testing";
import { checkContract, decoratorContract } from "sessionwire/testing/properties";
import { describe, expect, test } from "vitest";
import { bytes } from "../redis/session-data.ts";
import { withLog } from "./logging.ts";
import { handlerWith, hanging, watch } from "./stand-ins.ts";

const creation = { replaces: undefined, ttlSeconds: 60 };

/** A promise that is settled from outside. */
function createGate<T = void>() {
  let [open, fail]: [(value: T) => void, (error: Error) => void] = [() => {}, () => {}];
  const passed = new Promise<T>((resolve, reject) => {
    [open, fail] = [resolve, reject];
  });
  return { passed, open, fail };
}

/** Keeps every operation waiting before or after it is passed on. */
function waiting(gate: Promise<void>, when: "before" | "after"): DecoratorHooks {
  return {
    async operation(_, next) {
      if (when === "before") await gate;
      const result = await next();
      if (when === "after") await gate;
      return result;
    },
  };
}

const clock = createVirtualClock();
defineCases(
  "a logging decorator around the memory keeps the laws of a handler",
  handlerCases({ create: () => withLog(createMemoryHandler({ clock }), () => {}), advance: clock.advance }),
  { describe, it: test },
);

test("a logging decorator adds nothing of its own to a call", () =>
  checkContract(decoratorContract, (handler) => withLog(handler, () => {}), { numRuns: 300 }));

describe("an operation", () => {
  test("has a name that contains no id", async () => {
    const seen: Operation[] = [];
    const handler = decorateHandler(createMemoryHandler(), {
      operation(operation, next) {
        seen.push(operation);
        return next();
      },
    });
    await handler.read("a");
    await handler.write("a", bytes("x"), creation);
    await handler.touch("a", 60);
    await handler.destroy("a");
    await handler.list();
    expect(seen.map(({ kind, name, id, changes }) => [kind, name, id, changes])).toEqual([
      ["read", "session.read", "a", false],
      ["write", "session.write", "a", true],
      ["touch", "session.touch", "a", true],
      ["destroy", "session.destroy", "a", true],
      ["list", "session.list", undefined, false],
    ]);
  });

  test("does not reveal the data when it is logged", async () => {
    const seen: string[] = [];
    const handler = decorateHandler(createMemoryHandler(), {
      operation(operation, next) {
        seen.push(inspect(operation, { depth: 5, showHidden: true }), JSON.stringify(operation));
        return next();
      },
    });
    await handler.write("a", bytes("SECRET"), creation);
    for (const text of seen) expect(text).not.toMatch(/SECRET|83, 69|"0":83/);
    expect(seen).toHaveLength(2);
  });

  test("has the caller's cancellation, as a signal as well", async () => {
    const { signal } = new AbortController();
    const seen: unknown[] = [];
    const hooks: DecoratorHooks = {
      operation(operation, next) {
        seen.push(operation.cancellation?.aborted, operation.signal instanceof AbortSignal);
        return next();
      },
    };
    await decorateHandler(createMemoryHandler(), hooks).read("a");
    await decorateHandler(createMemoryHandler(), hooks).read("a", { signal });
    await withTimeout(decorateHandler(createMemoryHandler(), hooks)).read("a");
    expect(seen).toEqual([undefined, false, false, true, false, true]);
  });

  test("is passed on with another cancellation if the decorator has one", async () => {
    const own = new AbortController();
    const handler = decorateHandler(handlerWith(hanging), {
      operation: (_, next) => next(own.signal),
    });
    const inner = decorateHandler(withTimeout(handlerWith(hanging)), { operation: (_, next) => next(own.signal) });
    const calls = [watch(handler.read("a")), watch(inner.read("a"))];
    own.abort();
    await settled();
    expect(calls.map(({ state }) => state)).toEqual(["pending", "rejected"]); // the first one hears nothing
  });
});

describe("an operation that a decorator keeps waiting", () => {
  test("ends at once when its caller gives up, was not applied, and is never passed on", async () => {
    const gate = createGate();
    const asked: unknown[] = [];
    const inner = handlerWith({ touch: async (...args) => asked.push(args) > 0 });
    const handler = decorateHandler(inner, waiting(gate.passed, "before"));
    const caller = new AbortController();
    const reason = new Error("changed my mind");
    const touching = watch(handler.touch("a", 60, { signal: caller.signal }));
    await settled();
    caller.abort(reason);
    await settled();
    const error = await rejects(Promise.reject(touching.error), "aborted", "not-applied");
    expect(error.cause).toBe(reason);
    gate.open();
    await settled();
    expect(asked).toEqual([]);
  });

  test("ends on a close, and its decorator may fail later", async () => {
    const gate = createGate();
    const handler = decorateHandler(createMemoryHandler(), waiting(gate.passed, "before"));
    const writing = rejects(handler.write("a", bytes("x"), creation), "closed", "not-applied");
    await settled();
    await handler.close();
    await writing;
    gate.fail(new Error("too late"));
    await settled();
  });

  test("is passed on with the arguments of the call", async () => {
    const gate = createGate();
    const handler = decorateHandler(createMemoryHandler(), waiting(gate.passed, "before"));
    const data = bytes("before");
    const options = { replaces: undefined, ttlSeconds: 60 };
    const writing = handler.write("a", data, options);
    data.set(bytes("after!"));
    options.ttlSeconds = -1;
    gate.open();
    expect(await writing).toMatchObject({ written: true });
    const reading = await handler.read("a");
    expect(reading?.data).toEqual(bytes("before"));
  });

  test("is not copied if it does not wait", async () => {
    const passed: unknown[] = [];
    const write: SessionHandler["write"] = async (...args) => {
      passed.push(...args);
      return { written: false, current: undefined };
    };
    const args = ["a", bytes("x"), creation] as const;
    await decorateHandler(handlerWith({ write }), { operation: async (_, next) => next() }).write(...args);
    expect(passed.every((value, place) => value === args[place])).toBe(true);
  });

  test("ends at once after it was answered, too, and may have been applied", async () => {
    const caller = new AbortController();
    const handler = decorateHandler(createMemoryHandler(), waiting(createGate().passed, "after"));
    const writing = watch(handler.write("a", bytes("x"), { ...creation, signal: caller.signal }));
    const touching = watch(handler.touch("a", 60));
    await settled();
    caller.abort();
    await settled();
    await rejects(Promise.reject(writing.error), "aborted", "unknown");
    expect(touching.state).toBe("pending");
    await handler.close();
    await settled();
    await rejects(Promise.reject(touching.error), "closed", "unknown");
  });

  test("leaves no listener behind", async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    for (const when of ["before", "after"] as const) {
      const gate = createGate();
      const reading = decorateHandler(createMemoryHandler(), waiting(gate.passed, when)).read("a", { signal });
      await settled();
      expect(listeners).toBe(1);
      gate.open();
      await reading;
      expect(listeners).toBe(0);
    }
  });
});

describe("an error that a decorator throws", () => {
  test("before an operation was passed on has the outcome not-applied", async () => {
    const failing = (error: Error) => decorateHandler(handlerWith({}), { operation: () => Promise.reject(error) });
    const own = new SessionError("overloaded", "Too many.");
    const foreign = new Error("of somebody else");
    await rejects(failing(own).touch("a", 60), "overloaded", "not-applied");
    expect(
      await failing(own)
        .read("a")
        .catch((error: unknown) => error),
    ).toBe(own);
    expect(await rejects(failing(foreign).destroy("a"), "failed", "not-applied")).toMatchObject({ cause: foreign });
  });

  test("afterwards has the outcome unknown", async () => {
    const handler = decorateHandler(handlerWith({}), {
      async operation(_, next) {
        await next();
        throw new Error("of somebody else");
      },
    });
    await rejects(handler.touch("a", 60), "failed", "unknown");
  });

  test("synchronously is a rejection", async () => {
    const fail = () => {
      throw new Error("of somebody else");
    };
    const handler = decorateHandler(handlerWith({}), { operation: fail, ping: fail, reconnect: fail, close: fail });
    await rejects(handler.read("a"), "failed");
    await rejects(handler.ping(), "failed");
    await rejects(handler.reconnect(), "failed");
    await rejects(handler.close(), "failed");
  });
});

describe("a decorator that passes an operation on more than once", () => {
  const twice = (keep: boolean): DecoratorHooks => ({
    async operation(operation, next) {
      if (keep) operation.keepArguments();
      await next();
      return next();
    },
  });

  test("is refused unless it has kept the arguments", async () => {
    await expect(decorateHandler(handlerWith({}), twice(false)).read("a")).rejects.toThrow(TypeError);
  });

  test("passes on the same arguments, even if the caller changes them", async () => {
    const passed: Uint8Array[] = [];
    const write: SessionHandler["write"] = async (_, data) => {
      passed.push(new Uint8Array(data));
      return { written: false, current: undefined };
    };
    const data = bytes("before");
    const writing = decorateHandler(handlerWith({ write }), twice(true)).write("a", data, creation);
    data.fill(0);
    await writing;
    expect(passed).toEqual([bytes("before"), bytes("before")]);
  });
});

test("a foreign handler that answers synchronously, without a promise, has answered", async () => {
  const handler = decorateHandler(handlerWith({ touch: () => true as never }), {});
  expect(await handler.touch("a", 60)).toBe(true);
});

test("a decorator may ignore the result of an operation that it has passed on", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  const failing = () => Promise.reject(new Error("nobody hears of this"));
  const inner = handlerWith({ read: failing, write: failing });
  const handler = decorateHandler(inner, {
    async operation(_, next) {
      next();
      next();
      return undefined as never;
    },
    decode: (data) => data,
  });
  await handler.read("a");
  await handler.write("a", bytes("x"), creation);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

describe("closing", () => {
  test("closes the handler inside even if the decorator does not pass it on", async () => {
    let closes = 0;
    const close = async () => {
      closes += 1;
    };
    const hooks: DecoratorHooks[] = [
      { close: async () => {} },
      { close: (next) => next().then(next) },
      { close: () => Promise.reject(new Error("of somebody else")) },
    ];
    for (const hook of hooks) {
      const handler = decorateHandler(handlerWith({ close }), hook);
      await Promise.allSettled([handler.close(), handler[Symbol.asyncDispose]()]);
    }
    expect(closes).toBe(hooks.length);
  });

  test("refuses later calls", async () => {
    const handler = decorateHandler(handlerWith({}), { operation: (_, next) => next() }) as NetworkedSessionHandler;
    await handler.close();
    await rejects(handler.touch("a", 60), "closed", "not-applied");
    await rejects(handler.read("a"), "closed");
    await rejects(handler.ping(), "closed");
  });
});

test("invalid handlers and hooks are refused when the handler is made", () => {
  const handler = createMemoryHandler();
  for (const wrong of [undefined, null, "text", { read() {} }] as never[]) {
    expect(() => decorateHandler(wrong, {})).toThrow(TypeError);
  }
  for (const wrong of [undefined, null, { operations() {} }, { operation: "text" }, { close: 1 }] as never[]) {
    expect(() => decorateHandler(handler, wrong)).toThrow(TypeError);
  }
  for (const maxBytes of [0, -1, 0.5, Number.NaN, "1" as never]) {
    expect(() => decorateHandler(handler, { maxBytes })).toThrow(RangeError);
  }
  expect(() => decorateHandler(handler, { operation: undefined as never })).not.toThrow();
});
