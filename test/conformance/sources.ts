import type { NetworkedSessionHandler } from "sessionwire";
import { expect } from "vitest";
import { bytes, create, textOf } from "../redis/session-data.ts";

/** Stands in every source that is refused, where a password or token would. */
export const secret = "to-be-kept-secret";

/** Expects a handler to keep a session through every kind of call, and closes it. */
export async function expectToKeepSessions(made: NetworkedSessionHandler): Promise<void> {
  await using handler = made;
  const { id, version } = await create(handler);
  expect(textOf(await handler.read(id, { ttlSeconds: 60 }))).toBe("first");
  const second = await handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
  expect(second).toMatchObject({ written: true });
  expect(await handler.touch(id, 60)).toBe(true);
  expect(await handler.destroy(id)).toEqual({ destroyed: true });
  expect(await handler.read(id)).toBeUndefined();
  await handler.ping();
}

/** Expects an error of one of these kinds, which repeats neither the secret nor the host that it is for. */
export function expectRefusal(make: () => unknown, ...kinds: readonly (new () => Error)[]): void {
  let error: unknown;
  try {
    make();
  } catch (thrown) {
    error = thrown;
  }
  expect(kinds.some((kind) => error instanceof kind)).toBe(true);
  expect(String(error)).not.toMatch(/secret|localhost/);
}
