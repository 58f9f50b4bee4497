import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker,
  fallback,
  handleAll,
  handleWhen,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import { type ExecutionPolicy, isSessionError, SessionError, withPolicy } from "sessionwire";
import { createReferenceHandler, createScriptedHandler, losesReply, refuses, rejects } from "sessionwire/testing";
import { checkContract, decoratorContract } from "sessionwire/testing/properties";
import { describe, expect, test } from "vitest";
import { bytes, textOf } from "../redis/session-data.ts";

const creation = { replaces: undefined, ttlSeconds: 60 };
const never = () => new Promise<never>(() => {});
const isTrouble = (error: unknown) =>
  isSessionError(error) && ["unavailable", "timeout", "overloaded"].includes(error.code);

function setUp(policy: ExecutionPolicy) {
  const inner = createScriptedHandler(createReferenceHandler());
  return { inner, handler: withPolicy(inner, policy) };
}

describe("of cockatiel,", () => {
  const retrying = retry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(1) });

  test("a retry repeats what was not applied, and reads", async () => {
    const { inner, handler } = setUp(retrying);
    inner.next("write", refuses(), 3);
    inner.next("read", refuses(), 3);
    expect(await handler.write("a", bytes("data"), creation)).toMatchObject({ written: true });
    expect(textOf(await handler.read("a"))).toBe("data");
    expect([inner.count("write"), inner.count("read")]).toEqual([4, 4]);
  });

  test("a retry of everything does not repeat a change whose reply was lost (law 135)", async () => {
    const { inner, handler } = setUp(retrying);
    inner.next("destroy", losesReply());
    await rejects(handler.destroy("a"), "unavailable", "unknown");
    expect(inner.count("destroy")).toBe(1);
  });

  test("a circuit breaker that is open refuses at once: unavailable, not applied", async () => {
    const breaker = circuitBreaker(handleWhen(isTrouble), {
      halfOpenAfter: 60_000,
      breaker: new ConsecutiveBreaker(3),
    });
    const { inner, handler } = setUp(breaker);
    inner.next("touch", losesReply(), 3);
    for (let failures = 0; failures < 3; failures += 1) await rejects(handler.touch("a", 60), "unavailable", "unknown");
    const error = await rejects(handler.touch("a", 60), "unavailable", "not-applied");
    expect(error.cause).toBeInstanceOf(BrokenCircuitError);
    expect(inner.count("touch")).toBe(3);
    expect((await rejects(handler.read("a"), "unavailable")).cause).toBeInstanceOf(BrokenCircuitError);
  });

  test("a circuit breaker is not opened by answers, nor by errors that are no trouble of the store", async () => {
    const { handler } = setUp(
      circuitBreaker(handleWhen(isTrouble), { halfOpenAfter: 60_000, breaker: new ConsecutiveBreaker(1) }),
    );
    await handler.write("a", bytes("data"), creation);
    expect(await handler.write("a", bytes("other"), creation)).toMatchObject({ written: false });
    await rejects(handler.write("b", new Uint8Array(2 ** 21), creation), "too-large", "not-applied");
    expect(textOf(await handler.read("a"))).toBe("data");
  });

  test("a bulkhead that is full refuses: overloaded, not applied", async () => {
    const { inner, handler } = setUp(bulkhead(1, 1));
    const held = inner.hold("touch");
    const first = handler.touch("a", 60);
    await held.arrived;
    const second = handler.touch("a", 60);
    const error = await rejects(handler.touch("a", 60), "overloaded", "not-applied");
    expect(error.cause).toBeInstanceOf(BulkheadRejectedError);
    held.release();
    expect(await Promise.all([first, second])).toEqual([false, false]);
    expect(inner.count("touch")).toBe(2);
  });

  test("a caller who gives up in the queue of a bulkhead is answered at once, and is never sent (law 39)", async () => {
    const { inner, handler } = setUp(bulkhead(1, 1));
    const held = inner.hold("touch");
    const first = handler.touch("a", 60);
    await held.arrived;
    const abortion = new AbortController();
    const second = rejects(handler.touch("a", 60, { signal: abortion.signal }), "aborted", "not-applied");
    abortion.abort();
    await second;
    held.release();
    await first;
    await handler.read("a");
    expect(inner.count("touch")).toBe(1);
  });

  test.each([TimeoutStrategy.Aggressive, TimeoutStrategy.Cooperative])(
    "a timeout (%s) leaves a change unknown that was passed on, and tells the handler inside",
    async (strategy) => {
      const inner = createReferenceHandler();
      let isTold = false;
      const touch: typeof inner.touch = (_id, _ttl, options) =>
        new Promise((_, reject) => {
          options?.signal?.addEventListener("abort", () => {
            isTold = true;
            reject(new SessionError("aborted", "Gone.", { outcome: "unknown" }));
          });
        });
      await rejects(withPolicy({ ...inner, touch }, timeout(5, strategy)).touch("a", 60), "timeout", "unknown");
      expect(isTold).toBe(true);
    },
  );

  test("a timeout around a bulkhead ends a change in the queue as not applied, and one that was passed on as unknown", async () => {
    const { inner, handler } = setUp(wrap(timeout(5, TimeoutStrategy.Aggressive), bulkhead(1, 9)));
    inner.next("touch", never);
    await rejects(handler.touch("a", 60), "timeout", "unknown");
    await rejects(handler.touch("a", 60), "timeout", "not-applied");
    expect(inner.count("touch")).toBe(1);
  });

  test("a fallback does not make an outage an absence (law 32)", async () => {
    const { inner, handler } = setUp(fallback(handleAll, undefined));
    inner.next("read", refuses());
    inner.next("write", losesReply());
    await rejects(handler.read("a"), "unavailable", "any");
    await rejects(handler.write("a", bytes("data"), creation), "unavailable", "unknown");
    expect(textOf(await handler.read("a"))).toBe("data");
  });

  test("several of them, wrapped, behave as the one and the other", async () => {
    const breaker = circuitBreaker(handleWhen(isTrouble), {
      halfOpenAfter: 60_000,
      breaker: new ConsecutiveBreaker(2),
    });
    const { inner, handler } = setUp(wrap(retrying, breaker, bulkhead(10), timeout(1000, TimeoutStrategy.Aggressive)));
    inner.next("touch", refuses(), 9);
    await rejects(handler.touch("a", 60), "unavailable", "not-applied");
    expect(inner.count("touch")).toBe(2); // then the circuit is open to the retries, too
  });

  test("none of them changes anything else", () =>
    checkContract(decoratorContract, (handler) =>
      withPolicy(handler, wrap(bulkhead(1000), timeout(60_000, TimeoutStrategy.Cooperative))),
    ));
});

test("a limit written by hand is a policy", async () => {
  let free = 2;
  const waiting: (() => void)[] = [];
  const limit: ExecutionPolicy = {
    async execute(run) {
      if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      else free -= 1;
      try {
        return await run();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
  const { inner, handler } = setUp(limit);
  let [running, most] = [0, 0];
  const counted = async (apply: () => Promise<unknown>) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return apply();
  };
  inner.next("read", counted, 20);
  await Promise.all(Array.from({ length: 20 }, () => handler.read("a")));
  expect(most).toBe(2);
});
