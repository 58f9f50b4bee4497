import fc from "fast-check";
import { SessionError, type SessionHandler, withConnectionCheck } from "sessionwire";
import type { SessionPage } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import {
  checkLinearizability,
  createHistory,
  createReferenceHandler,
  createScheduler,
  createVirtualClock,
  type Fault,
  findLostUpdates,
  type HistoryEntry,
  handlerCases,
  rejects,
  simulateNetwork,
  withFaults,
} from "sessionwire/testing";
import { checkContract, type HandlerStage, schedules, sequentialContract } from "sessionwire/testing/properties";
import { describe, expect, test, vi } from "vitest";
import { bytes, text } from "../laws/law.ts";

type MemoryHandler = ReturnType<typeof createMemoryHandler>;

const create = { replaces: undefined, ttlSeconds: 60 };

describe("withFaults", () => {
  const outcomes: [Fault, object | "done", boolean][] = [
    ["none", "done", true],
    ["refused", { code: "unavailable", outcome: "not-applied" }, false],
    ["lost request", { code: "unavailable", outcome: "unknown" }, false],
    ["lost reply", { code: "unavailable", outcome: "unknown" }, true],
  ];

  test.each(outcomes)("%s: is reported as %j, and applied: %s", async (fault, told, isApplied) => {
    const inner = createReferenceHandler();
    const writing = withFaults(inner, [fault]).write("a", bytes("x"), create);
    if (told === "done") expect(await writing).toMatchObject({ written: true });
    else await expect(writing).rejects.toMatchObject(told);
    expect((await inner.read("a")) !== undefined).toBe(isApplied);
  });

  test("silence is never answered, and a number is a delay", async () => {
    const clock = createVirtualClock();
    const faulty = withFaults(createReferenceHandler({ clock }), ["silence", 500], { clock });
    const settled: string[] = [];
    void faulty.read("a").then(() => settled.push("silent"));
    void faulty.read("a").then(() => settled.push("late"));
    await clock.advance(499);
    expect(settled).toEqual([]);
    await clock.advance(1);
    expect(settled).toEqual(["late"]);
  });

  test("keeps the optional methods of the handler, and adds none", async () => {
    const clock = createVirtualClock();
    const { handler } = simulateNetwork({ clock });
    expect(Object.keys(withFaults(handler, []))).toEqual(expect.arrayContaining(["ping", "reconnect"]));
    expect("list" in withFaults(createMemoryHandler(), [])).toBe(true);
    expect("ping" in withFaults(createReferenceHandler(), [])).toBe(false);
    const asked: string[] = [];
    const plan = (operation: string): Fault => {
      asked.push(operation);
      return operation === "ping" ? "refused" : "none";
    };
    const checked = withConnectionCheck(withFaults(handler, plan, { clock }), { everySeconds: 0, clock });
    const reading = checked.read("a");
    await clock.advance(100);
    await reading;
    expect(asked).toEqual(["ping", "reconnect", "read"]);
  });
});

describe("a history", () => {
  const entry = (call: HistoryEntry["call"], startedAt: number, endedAt: number, answer: string): HistoryEntry => ({
    ...{ call, startedAt, endedAt, answer },
  });
  const write = (data: string, replaces?: string) => ({ kind: "write", replaces, data }) as const;

  test("of real calls is linearizable, and one with a blind write is not", async () => {
    const inner = createReferenceHandler();
    const history = createHistory();
    const [ann, bob] = [history.record(inner), history.record(inner)] as [SessionHandler, SessionHandler];
    const first = await ann.write("s", bytes("one"), create);
    if (!first.written) throw new Error("There is a session already.");
    await bob.write("s", bytes("two"), { replaces: first.version, ttlSeconds: 60 });
    await ann.write("s", bytes("three"), { replaces: first.version, ttlSeconds: 60 });
    await ann.read("s");
    expect(history.check()).toBe("linearizable");
    await inner.destroy("s"); // by somebody whom the history does not know
    await bob.read("s");
    expect(history.check()).toBe("not linearizable");
    expect(history.describe()).toContain('write "three" over "one" -> refused: "two"');
  });

  test("may contain calls of unknown outcome, before or after everything else", () => {
    const unknown = entry(write("maybe"), 1, Number.POSITIVE_INFINITY, "unknown");
    const read = (at: number, answer: string) => entry({ kind: "read" }, at, at + 1, answer);
    expect(checkLinearizability([unknown, read(2, "nothing"), read(4, '"maybe"')])).toBe("linearizable");
    expect(checkLinearizability([unknown, read(2, "nothing"), read(4, "nothing")])).toBe("linearizable");
    expect(checkLinearizability([unknown, read(2, '"maybe"'), read(4, "nothing")])).toBe("not linearizable");
  });

  test("that overlaps is ordered as the answers require, and never against time", () => {
    const late = entry({ kind: "read" }, 2, 9, "nothing");
    expect(checkLinearizability([entry(write("a"), 1, 8, "written"), late])).toBe("linearizable");
    expect(checkLinearizability([entry(write("a"), 0, 1, "written"), late])).toBe("not linearizable");
  });

  test("that takes too long to explain is unknown, which is not linearizable", () => {
    const many = Array.from({ length: 14 }, (_, index) =>
      entry(write(`w${index}`), 0, Number.POSITIVE_INFINITY, "unknown"),
    );
    const impossible = entry({ kind: "read" }, 1, 2, '"nobody wrote that"');
    expect(checkLinearizability([...many, impossible], 50)).toBe("unknown");
  });
});

test("lost updates are detected, and so are repeated and unrequested ones", () => {
  const updates = { acknowledged: ["a", "b", "c"], unknown: ["d"] };
  expect(findLostUpdates(updates, ["a", "b", "c"])).toEqual({ missing: [], repeated: [], uninvited: [] });
  expect(findLostUpdates(updates, ["a", "c", "c", "d", "e"])).toEqual({
    missing: ["b"],
    repeated: ["c"],
    uninvited: ["e"],
  });
});

describe("a schedule", () => {
  /** Adds one to a number in two steps, as nobody should. */
  async function runTwo(schedule: readonly number[]): Promise<number> {
    const scheduler = createScheduler(schedule);
    let stored = 0;
    const add = async () => {
      const seen = stored;
      await scheduler.turn();
      stored = seen + 1;
    };
    await scheduler.run(Promise.all([add(), scheduler.turn().then(add)]));
    return stored;
  }

  test("leads to the same result each time", async () => {
    for (const schedule of [[], [2], [1, 1], [3, 0, 2]]) {
      expect(await runTwo(schedule)).toBe(await runTwo(schedule));
    }
    expect(new Set(await Promise.all([[], [2], [3]].map(runTwo)))).toEqual(new Set([1, 2]));
  });

  test("shrinks to the shortest one that shows a failure", async () => {
    const bad = (await runTwo([])) === 1 ? 2 : 1;
    const details = await fc.check(
      fc.asyncProperty(schedules(), async (schedule) => (await runTwo(schedule)) !== bad),
      { seed: 1 },
    );
    expect(details.failed).toBe(true);
    expect(details.counterexample?.[0].length).toBeLessThanOrEqual(2);
  });

  test("orders what is executed, not only what is answered", async () => {
    const executed = async (schedule: readonly number[]) => {
      const order: string[] = [];
      const inner = createReferenceHandler();
      const noted = { ...inner, touch: async (id: string) => order.push(id) > 0 };
      const scheduler = createScheduler(schedule);
      const handler = scheduler.around(noted);
      await scheduler.run(Promise.all(["a", "b", "c"].map((id) => handler.touch(id, 60))));
      return order.join("");
    };
    const orders = new Set<string>();
    for (const first of [0, 2, 4]) for (const second of [0, 2]) orders.add(await executed([first, second]));
    expect([...orders].every((order) => /^[abc]{3}$/.test(order))).toBe(true);
    expect(orders.size).toBeGreaterThanOrEqual(4);
  });
});

describe("the cases of a handler", () => {
  test("without a clock to advance wait for short delays, and name what they leave out", () => {
    const cases = handlerCases({ create: createReferenceHandler, patienceMs: 1500 });
    const leftOut = cases.filter(({ skipped }) => skipped !== undefined);
    expect(leftOut.length).toBeGreaterThan(3);
    for (const { name, skipped } of leftOut) expect(name).toContain(`skipped, ${skipped}`);
    expect(cases.find(({ law }) => law === 1)?.skipped).toBeUndefined();
  });

  test("really wait", async () => {
    const [first] = handlerCases({ create: createReferenceHandler }).filter(({ law }) => law === 13);
    await expect(first?.run()).resolves.toBeUndefined();
    const immortal = { create: () => createReferenceHandler({ clock: createVirtualClock() }) };
    const [same] = handlerCases(immortal).filter(({ law }) => law === 13);
    await expect(same?.run()).rejects.toThrow();
  });
});

describe("the cases of a listing", () => {
  const casesOf = (change: (handler: MemoryHandler) => Partial<MemoryHandler>) => {
    const clock = createVirtualClock();
    const create = () => {
      const handler = createMemoryHandler({ clock });
      return { ...handler, ...change(handler) };
    };
    return handlerCases({ create, advance: clock.advance }).filter(({ law }) => law === 112);
  };
  const failuresOf = async (change: Parameters<typeof casesOf>[0]): Promise<string[]> => {
    const failures: string[] = [];
    for (const { name, run } of casesOf(change)) await run().catch(() => failures.push(name));
    return failures;
  };
  const cursorLaw = "a cursor that no page has returned is refused with code failed, or starts somewhere (law 112)";

  test("run on any object with a method `list`, and on no other", async () => {
    expect(await failuresOf(() => ({}))).toEqual([]);
    expect(await failuresOf(() => ({ list: async () => ({ ids: [], next: undefined }) }))).not.toEqual([]);
    const { list: _, ...plain } = createMemoryHandler();
    const [first] = handlerCases({ create: () => plain }).filter(({ law }) => law === 112);
    const reasons: string[] = [];
    await first?.run({ skip: (reason: string) => reasons.push(reason) });
    expect(reasons).toEqual(["the handler does not list"]);
  });

  test("allow the store to refuse a foreign cursor or start somewhere, and nothing else", async () => {
    const onForeign = (answer: (handler: MemoryHandler) => Promise<SessionPage>) =>
      failuresOf((handler) => ({
        list: (options) => (/^\d+:\d+$/.test(options?.cursor || "0:0") ? handler.list(options) : answer(handler)),
      }));
    const failing = (error: Error) => () => Promise.reject(error);
    expect(await onForeign((handler) => handler.list())).not.toContain(cursorLaw);
    expect(await onForeign(failing(new SessionError("failed", "No cursor.")))).not.toContain(cursorLaw);
    expect(await onForeign(failing(new SessionError("unavailable", "No cursor.")))).toContain(cursorLaw);
    expect(await onForeign(failing(new Error("No cursor.")))).toContain(cursorLaw);
    expect(await onForeign(async () => ({ ids: ["what nobody has stored"], next: undefined }))).toContain(cursorLaw);
    expect(await onForeign(async () => ({ ids: [], next: "a text of no meaning" }))).toContain(cursorLaw);
  });
});

test("a failing case names the call and its arguments, as the caller wrote them", async () => {
  const failureOf = async (law: number, wrong: (inner: SessionHandler) => Partial<SessionHandler>) => {
    const create = () => {
      const inner = createReferenceHandler();
      return { ...inner, ...wrong(inner) };
    };
    const found = handlerCases({ create, advance: () => {} }).find((each) => each.law === law);
    const error = await found?.run().catch((reason: unknown) => reason);
    return error instanceof Error ? error.message : "";
  };
  const touches = (inner: SessionHandler): Partial<SessionHandler> => ({
    touch: (id, ttlSeconds) => inner.touch(id, Number(ttlSeconds)),
  });
  expect(await failureOf(11, touches)).toMatch(/Last call: touch\("a", "60"\)$/);
  const reads = (inner: SessionHandler): Partial<SessionHandler> => ({
    read: (id, options) => inner.read(typeof id === "string" ? id.toWellFormed() : id, options),
  });
  expect(await failureOf(28, reads)).toMatch(/Last call: read\("a\\ud800b"\)$/);
  const destroys = () => ({ destroy: async () => ({ destroyed: true }) as const });
  expect(await failureOf(17, destroys)).toMatch(/Last call: destroy\("never"\)$/);
});

test("a broken contract names the call and its arguments, as the caller wrote them", async () => {
  const touches = (): HandlerStage => {
    const clock = createVirtualClock();
    const inner = createReferenceHandler({ clock });
    const touch: SessionHandler["touch"] = (id, ttl) => inner.touch(id, typeof ttl === "string" ? Number(ttl) : ttl);
    return { handler: { ...inner, touch }, advance: clock.advance };
  };
  const error = await checkContract(sequentialContract, touches, { seed: 1, numRuns: 1000 }).catch((reason) => reason);
  expect(error.message).toMatch(/The call was not refused with a RangeError: touch\(".+", "60"\) \(law 11\)$/m);
  expect(error.story).toMatch(/^all with the time to live "60", /);
});

test("`rejects` is strict about the code and the outcome", async () => {
  const failing = () => Promise.reject(new SessionError("timeout", "Late.", { outcome: "unknown" }));
  expect((await rejects(failing(), "timeout", "unknown")).message).toBe("Late.");
  await expect(rejects(failing(), "timeout")).rejects.toThrow();
  await expect(rejects(failing(), "gone", "any")).rejects.toThrow();
  await expect(rejects(Promise.resolve(1), "timeout")).rejects.toThrow();
  expect(text(bytes("é"))).toBe("é");
});

test("a case that never settles fails after a minute, so that no test runner waits for it or skips the cases after it", async () => {
  vi.useFakeTimers();
  try {
    const hanging = createReferenceHandler();
    hanging.read = () => new Promise(() => {});
    const [first] = handlerCases({ create: () => hanging });
    const failing = expect(first?.run()).rejects.toThrow("60000 ms");
    await vi.advanceTimersByTimeAsync(59_999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await failing;
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
