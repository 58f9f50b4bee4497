import { SessionError } from "sessionwire";
import { type DecoratorHooks, decorateHandler, type OperationObserver } from "sessionwire/backend";
import { rejects, settled } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { bytes } from "../redis/session-data.ts";
import { handlerWith, hanging, watch } from "./stand-ins.ts";

const creation = { replaces: undefined, ttlSeconds: 60 };

/** An observer that writes down what it hears. */
function noting(heard: unknown[]): OperationObserver {
  return {
    answered: (result) => void heard.push(["answered", result]),
    failed: (error) => void heard.push(["failed", error]),
  };
}

const foreign = new Error("of somebody else");
function fail(): never {
  throw foreign;
}

describe("a hook before an operation", () => {
  test("may return an observer that hears the answer before the caller does", async () => {
    const heard: unknown[] = [];
    const handler = decorateHandler(handlerWith({ touch: async () => true }), { before: () => noting(heard) });
    await handler.touch("a", 60).then((result) => heard.push(["caller", result]));
    expect(heard).toEqual([
      ["answered", true],
      ["caller", true],
    ]);
  });

  test("may return an observer that hears a failure in the words of the handler inside", async () => {
    const heard: unknown[] = [];
    const handler = decorateHandler(handlerWith({ touch: fail }), { before: () => noting(heard) });
    await rejects(handler.touch("a", 60), "failed", "unknown");
    expect(heard).toEqual([["failed", foreign]]);
  });

  test("may return nothing, and errors of the package pass unchanged", async () => {
    const kinds: string[] = [];
    const own = new SessionError("overloaded", "Too many.");
    const handler = decorateHandler(handlerWith({ read: () => Promise.reject(own) }), {
      before({ kind }) {
        kinds.push(kind);
      },
    } as DecoratorHooks);
    await expect(handler.read("a")).rejects.toBe(own);
    await handler.destroy("a");
    expect(kinds).toEqual(["read", "destroy"]);
  });

  test("keeps the operation waiting by a promise, with the arguments of the call", async () => {
    let open = () => {};
    const gate = new Promise<undefined>((resolve) => {
      open = () => resolve(undefined);
    });
    const passed: unknown[] = [];
    const inner = handlerWith({
      async write(_, data) {
        passed.push(data);
        return { written: false, current: undefined };
      },
    });
    const handler = decorateHandler(inner, { before: () => gate });
    const data = bytes("before");
    const writing = handler.write("a", data, creation);
    data.fill(0);
    await settled();
    expect(passed).toEqual([]);
    open();
    await writing;
    expect(passed).toEqual([bytes("before")]);
  });

  test("that waits ends when the caller gives up or the handler closes, and nothing was applied", async () => {
    const asked: unknown[] = [];
    const inner = handlerWith({ touch: async (...args) => asked.push(args) > 0 });
    const handler = decorateHandler(inner, { before: () => new Promise(() => {}) });
    const caller = new AbortController();
    const aborted = rejects(handler.touch("a", 60, { signal: caller.signal }), "aborted", "not-applied");
    const closed = rejects(handler.touch("a", 60), "closed", "not-applied");
    caller.abort();
    await aborted;
    await handler.close();
    await closed;
    expect(asked).toEqual([]);
  });

  test("that throws or rejects refuses the operation, which was not applied", async () => {
    for (const before of [fail, () => Promise.reject(foreign)]) {
      const error = await rejects(decorateHandler(handlerWith({}), { before }).touch("a", 60), "failed", "not-applied");
      expect(error.cause).toBe(foreign);
    }
  });

  test("whose observer throws fails an operation that may have been applied", async () => {
    const observer = { answered: fail, failed: fail };
    for (const touch of [async () => true, () => Promise.reject(new SessionError("timeout", "Too late."))]) {
      const handler = decorateHandler(handlerWith({ touch }), { before: () => observer });
      await rejects(handler.touch("a", 60), "failed", "unknown");
    }
  });

  test("comes before the hook around the operation, and hears the answer of the handler inside", async () => {
    const heard: unknown[] = [];
    const handler = decorateHandler(handlerWith({ touch: async () => true }), {
      before: () => noting(heard),
      async operation(_, next) {
        heard.push("around");
        await next();
        return false as never;
      },
    });
    expect(await handler.touch("a", 60)).toBe(false);
    expect(heard).toEqual(["around", ["answered", true]]);
  });
});

describe("while the handler inside has an operation", () => {
  const around: DecoratorHooks = {
    async operation(_, next) {
      return await next();
    },
  };

  test("that handler decides the outcome of a cancelled one", async () => {
    const caller = new AbortController();
    const inner = handlerWith({
      touch: (_id, _ttlSeconds, options) =>
        new Promise((_, reject) => {
          options?.signal?.addEventListener("abort", () => {
            reject(new SessionError("aborted", "Not sent.", { outcome: "not-applied" }));
          });
        }),
    });
    const touching = decorateHandler(inner, around).touch("a", 60, { signal: caller.signal });
    caller.abort();
    await rejects(touching, "aborted", "not-applied");
  });

  test("a close leaves the operation to that handler", async () => {
    const handler = decorateHandler(handlerWith({ ...hanging, close: async () => {} }), around);
    const touching = watch(handler.touch("a", 60));
    await handler.close();
    await settled();
    expect(touching.state).toBe("pending");
  });
});
