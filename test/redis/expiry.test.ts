// @module-tag real-time

import { describe, expect, test } from "vitest";
import { expectNoEscapes } from "./escapes.ts";
import { openScene } from "./scene.ts";
import { bytes, create, freshId, textOf } from "./session-data.ts";

expectNoEscapes();

/** What Redis is allowed to be off by (laws 6 and 7). */
const lateMs = 25;
const earlyMs = 5;

const { handler } = await openScene();

describe.concurrent("a session expires when its time to live has run out (laws 6 and 7)", () => {
  test("counted from its write", async () => {
    const id = freshId();
    const start = await bracket(() => handler.write(id, bytes("data"), { replaces: undefined, ttlSeconds: 1 }));
    await expectToExpire(id, start, 1);
  });

  test("counted from a write with a shorter one (law 8)", async () => {
    const { id, version } = await create(handler);
    const start = await bracket(() => handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 1 }));
    await expectToExpire(id, start, 1);
  });

  test("counted from a touch (law 12)", async () => {
    const { id } = await create(handler);
    const start = await bracket(() => handler.touch(id, 1));
    await expectToExpire(id, start, 1);
  });

  test("counted from a read that restarts it (law 9)", async () => {
    const { id } = await create(handler);
    const start = await bracket(() => handler.read(id, { ttlSeconds: 1 }));
    await expectToExpire(id, start, 1);
  });

  test("whatever the time to live of a refused write, which also leaves data and version (law 10)", async () => {
    const id = freshId();
    const start = await bracket(() => handler.write(id, bytes("data"), { replaces: undefined, ttlSeconds: 1 }));
    const before = await handler.read(id);
    const refused = await handler.write(id, bytes("other"), { replaces: undefined, ttlSeconds: 100 });
    expect(refused).toEqual({ written: false, current: before });
    await expectToExpire(id, start, 1);
  });

  test("and lives on after a write with a longer one (law 8)", async () => {
    const id = freshId();
    const start = await bracket(() => handler.write(id, bytes("data"), { replaces: undefined, ttlSeconds: 1 }));
    const first = await handler.read(id);
    const written = await handler.write(id, bytes("second"), { replaces: first?.version, ttlSeconds: 100 });
    expect(written).toMatchObject({ written: true });
    while (performance.now() < start.replied + 1000 + lateMs) expect(textOf(await handler.read(id))).toBe("second");
  });

  /** Reads, and touches nothing, until the session is gone; each answer must be right for the time it can stand for. */
  async function expectToExpire(id: string, start: Bracket, ttlSeconds: number): Promise<void> {
    const { version } = (await handler.read(id)) ?? {};
    for (;;) {
      const read = await bracket(() => handler.read(id));
      if (read.value === undefined) {
        expect(read.replied).toBeGreaterThanOrEqual(start.sent + ttlSeconds * 1000 - earlyMs);
        break;
      }
      expect(read.sent).toBeLessThan(start.replied + ttlSeconds * 1000 + lateMs);
    }
    expect(await handler.touch(id, 60)).toBe(false);
    expect(await handler.destroy(id)).toEqual({ destroyed: false, current: undefined });
    expect(await handler.write(id, bytes("late"), { replaces: version, ttlSeconds: 60 })).toEqual({
      written: false,
      current: undefined,
    });
    expect(await handler.read(id, { ttlSeconds: 60 })).toBeUndefined();
  }
});

interface Bracket<T = unknown> {
  readonly sent: number;
  readonly replied: number;
  readonly value: T;
}

/** The server did it between `sent` and `replied`. */
async function bracket<T>(call: () => Promise<T>): Promise<Bracket<T>> {
  const sent = performance.now();
  const value = await call();
  return { sent, replied: performance.now(), value };
}
