import { isSessionError } from "sessionwire";
import { refuses, rejects } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { createFixture, type Fixture, given, increment, opened, stored } from "./fixture.ts";
import { subject } from "./subject.ts";

describe.each(["native", "express"] as const)("updates of one session in the %s format", (formatName) => {
  /** A session whose key has been computed, so that what begins at the same time arrives at the same time. */
  async function start(attributes: object = { list: [] }): Promise<{ fixture: Fixture; id: string }> {
    const fixture = createFixture(subject, formatName);
    const id = await given(fixture, { ...attributes });
    await opened(fixture.sessions, id);
    fixture.handler.calls.length = 0;
    return { fixture, id };
  }

  test("share one read and one write, in call order", async () => {
    const { fixture, id } = await start();
    const updates = numbers(64).map((number) =>
      fixture.sessions.update(id, (draft) => {
        draft.update("list", (list) => [...(list as number[]), number]);
        return (draft.get("list") as number[]).length;
      }),
    );
    expect(await Promise.all(updates)).toEqual(numbers(64).map((number) => number + 1));
    expect(fixture.handler.calls.map(({ method }) => method)).toEqual(["read", "write"]);
    expect(await stored(fixture, id)).toEqual({ list: numbers(64) });
  });

  test("need no read when they follow within a second, and see concurrent changes by others", async () => {
    const { fixture, id } = await start({ count: 0 });
    const methods = () => fixture.handler.calls.splice(0).map(({ method }) => method);
    const update = () => fixture.sessions.update(id, (draft) => draft.update("count", (count) => Number(count) + 1));
    await update();
    expect(methods()).toEqual(["read", "write"]);
    await update();
    expect(methods()).toEqual(["write"]);
    await fixture.clock.advance(1001);
    await update();
    expect(methods()).toEqual(["read", "write"]);
    expect(await stored(fixture, id)).toEqual({ count: 3 });
  });

  test("are combined, at most 256 in a write", async () => {
    const { fixture, id } = await start({ count: 0 });
    const sizes: unknown[] = [];
    fixture.handler.next(
      "write",
      async (apply) => {
        const result = await apply();
        sizes.push((await stored(fixture, id))?.count);
        return result;
      },
      3,
    );
    await Promise.all(numbers(600).map(() => fixture.sessions.update(id, (draft) => draft.update("count", increment))));
    expect(sizes).toEqual([256, 512, 600]);
    expect(fixture.handler.count("write")).toBe(3);
    expect(fixture.handler.count("read")).toBe(1);
  });

  test("that come during a write are combined in the next one", async () => {
    const { fixture, id } = await start({ count: 0 });
    const write = fixture.handler.hold("write");
    const countUp = () => fixture.sessions.update(id, (draft) => draft.update("count", increment));
    const first = countUp();
    await write.arrived;
    const later = numbers(20).map(countUp);
    write.release();
    await Promise.all([first, ...later]);
    expect(fixture.handler.count("write")).toBe(2);
    expect(await stored(fixture, id)).toEqual({ count: 21 });
  });

  test("do not share anything with those of another session", async () => {
    const { fixture, id } = await start({ count: 0 });
    const other = await given(fixture, { count: 10 });
    const write = fixture.handler.hold("write");
    const waiting = fixture.sessions.update(id, (draft) => draft.update("count", increment));
    await write.arrived;
    await fixture.sessions.update(other, (draft) => draft.update("count", increment));
    expect([await stored(fixture, id), await stored(fixture, other)]).toEqual([{ count: 0 }, { count: 11 }]);
    write.release();
    await waiting;
  });

  test("that throw fail alone, with the thrown error, and leave nothing behind", async () => {
    const { fixture, id } = await start({ count: 0 });
    const mine = new Error("mine");
    const results = await Promise.allSettled(
      numbers(9).map((number) =>
        fixture.sessions.update(id, (draft) => {
          draft.update("count", increment);
          draft.set(`of ${number % 3}`, true);
          draft.flash.add("notice", number);
          if (number % 3 === 1) throw mine;
        }),
      ),
    );
    expect(results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []))).toEqual([
      mine,
      mine,
      mine,
    ]);
    expect(await stored(fixture, id)).toEqual({ count: 6, "of 0": true, "of 2": true });
    expect((await opened(fixture.others, id)).flash.peek("notice")).toEqual([0, 2, 3, 5, 6, 8]);
  });

  test("that are too large fail alone", async () => {
    const fixture = createFixture(subject, formatName);
    const sessions = fixture.process({
      handler: subject.createMemoryHandler({ maxBytes: 2000, clock: fixture.clock }),
    });
    const session = await sessions.create();
    session.set("count", 0);
    await session.save();
    const updates = numbers(5).map((number) =>
      sessions.update(session.id, (draft) => {
        draft.update("count", increment);
        if (number === 2) draft.set("large", "x".repeat(3000));
      }),
    );
    await rejects(updates[2] as Promise<void>, "too-large", "not-applied");
    const others = await Promise.allSettled(updates);
    expect(others.filter(({ status }) => status === "fulfilled")).toHaveLength(4);
    expect((await opened(sessions, session.id)).get("count")).toBe(4);
  });

  test("that are aborted fail alone, and are not made", async () => {
    const { fixture, id } = await start({ count: 0 });
    const write = fixture.handler.hold("write");
    const abort = new AbortController();
    const countUp = (signal?: AbortSignal) =>
      fixture.sessions.update(id, (draft) => draft.update("count", increment), { signal });
    const first = countUp();
    await write.arrived;
    const others = [countUp(), countUp()];
    const aborted = countUp(abort.signal);
    const late = countUp();
    await fixture.clock.advance(0);
    abort.abort(new Error("mine"));
    const error = await rejects(aborted, "aborted", "not-applied");
    expect(error.cause).toEqual(new Error("mine"));
    write.release();
    await Promise.all([first, ...others, late]);
    expect(await stored(fixture, id)).toEqual({ count: 4 });
    await rejects(countUp(AbortSignal.abort()), "aborted", "not-applied");
    expect(await stored(fixture, id)).toEqual({ count: 4 });
  });

  test("that the store refuses are refused all together, and not made", async () => {
    const { fixture, id } = await start({ count: 0 });
    fixture.handler.next("write", refuses("overloaded"));
    const updates = numbers(3).map(() => fixture.sessions.update(id, (draft) => draft.update("count", increment)));
    for (const result of await Promise.allSettled(updates)) {
      expect(result.status === "rejected" && isSessionError(result.reason) && result.reason.code).toBe("overloaded");
    }
    expect(await stored(fixture, id)).toEqual({ count: 0 });
  });

  test("return the result of the run that was stored", async () => {
    const { fixture, id } = await start({ count: 0 });
    fixture.handler.next("write", async (apply) => {
      await fixture.others.update(id, (draft) => draft.set("count", 10));
      return apply();
    });
    const runs: unknown[] = [];
    const result = await fixture.sessions.update(id, (draft) => {
      runs.push(draft.get("count"));
      draft.update("count", increment);
      return draft.get("count");
    });
    expect(runs).toEqual([0, 10]);
    expect(result).toBe(11);
  });

  test("that change nothing return the content stored when they were called", async () => {
    const { fixture, id } = await start({ count: 0 });
    for (let count = 1; count <= 3; count += 1) {
      await fixture.sessions.update(id, (draft) => draft.set("mine", count));
      await fixture.others.update(id, (draft) => draft.set("count", count));
      expect(await fixture.sessions.update(id, (draft) => draft.get("count"))).toBe(count);
    }
  });

  test("that throw have seen the content stored when they were called", async () => {
    const { fixture, id } = await start({ count: 0 });
    await fixture.sessions.update(id, (draft) => draft.set("mine", 1));
    await fixture.others.update(id, (draft) => draft.set("count", 1));
    const unlessZero = fixture.sessions.update(id, (draft) => {
      if (draft.get("count") === 0) throw new RangeError();
    });
    await expect(unlessZero).resolves.toBeUndefined();
    await fixture.others.destroy(id);
    await rejects(
      fixture.sessions.update(id, (draft) => draft.get("count")),
      "gone",
      "not-applied",
    );
  });

  test("cannot be nested", async () => {
    const { fixture, id } = await start({ count: 0 });
    const other = await given(fixture, { count: 0 });
    let inner: Promise<unknown> | undefined;
    await fixture.sessions.update(id, (draft) => {
      inner ??= fixture.sessions.update(id, (again) => again.set("count", 9)).catch((error: unknown) => error);
      draft.set("count", 1);
    });
    expect(await inner).toBeInstanceOf(TypeError);
    expect(await stored(fixture, id)).toEqual({ count: 1 });
    let elsewhere: Promise<void> | undefined;
    await fixture.sessions.update(id, () => {
      elsewhere ??= fixture.sessions.update(other, (draft) => draft.set("count", 2));
    });
    await elsewhere;
    expect(await stored(fixture, other)).toEqual({ count: 2 });
  });

  test("may not return a promise: a TypeError, nothing is changed, and no other call is affected", async () => {
    const { fixture, id } = await start({ count: 0 });
    const changes = [
      async (draft: { set(name: string, value: unknown): void }) => draft.set("count", 1),
      async () => {
        throw new Error("nobody looks at it");
      },
      // biome-ignore lint/suspicious/noThenProperty: whatever can be awaited counts
      () => ({ then: (resolve: () => void) => resolve() }),
    ];
    for (const change of changes) {
      await expect(fixture.sessions.update(id, change)).rejects.toBeInstanceOf(TypeError);
      const session = await opened(fixture.sessions, id);
      expect(() => session.update("count", change as never)).toThrow(TypeError);
      expect(session.isChanged).toBe(false);
    }
    expect(await stored(fixture, id)).toEqual({ count: 0 });
  });

  test("do not retain a draft", async () => {
    const { fixture, id } = await start({ count: 0 });
    const draft = await fixture.sessions.update(id, (draft) => ({ draft }));
    expect(() => draft.draft.set("count", 1)).toThrow(TypeError);
    expect(() => draft.draft.flash.add("notice", 1)).toThrow(TypeError);
    expect(await stored(fixture, id)).toEqual({ count: 0 });
  });

  test("accept only functions", async () => {
    const { fixture, id } = await start();
    for (const change of [undefined, null, {}, "set"]) {
      await expect(fixture.sessions.update(id, change as never)).rejects.toBeInstanceOf(TypeError);
    }
    await expect(fixture.sessions.update(id, () => 1, { retries: 1 } as never)).rejects.toBeInstanceOf(TypeError);
    expect(fixture.handler.calls).toEqual([]);
  });

  test("and concurrent saves share their writes, in call order", async () => {
    const { fixture, id } = await start({ list: [] });
    const holders = await Promise.all(numbers(4).map(() => opened(fixture.sessions, id)));
    fixture.handler.calls.length = 0;
    const append = (number: number) => (list: unknown) => [...(list as number[]), number];
    for (const [index, holder] of holders.entries()) holder.update("list", append(index));
    const update = () => fixture.sessions.update(id, (draft) => draft.update("list", append(9)));
    await Promise.all([...holders.map((holder) => holder.save()), update()]);
    expect((await stored(fixture, id))?.list).toHaveLength(5);
    expect(fixture.handler.count("write")).toBeLessThanOrEqual(2);
  });
});

test("concurrent updates of an unused native session are combined, in call order", async () => {
  const fixture = createFixture(subject, "native");
  const id = await given(fixture, { list: [] });
  const updates = numbers(8).map((number) =>
    fixture.sessions.update(id, (draft) => draft.update("list", (list) => [...(list as number[]), number])),
  );
  await Promise.all(updates);
  expect(await stored(fixture, id)).toEqual({ list: numbers(8) });
  expect(fixture.handler.calls.map(({ method }) => method)).toEqual(["read", "write"]);
});

test("an update that the format cannot represent fails alone", async () => {
  const fixture = createFixture(subject, "express");
  const id = await given(fixture, { flash: "no messages", count: 0 });
  const updates = [
    fixture.sessions.update(id, (draft) => draft.update("count", increment)),
    fixture.sessions.update(id, (draft) => draft.flash.add("notice", 1)),
    fixture.sessions.update(id, (draft) => draft.update("count", increment)),
  ];
  const results = await Promise.allSettled(updates);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  await expect(updates[1]).rejects.toBeInstanceOf(TypeError);
  expect(await stored(fixture, id)).toEqual({ flash: "no messages", count: 2 });
});

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
