import type { StoredSession, Version, WriteResult } from "sessionwire";
import { createGuardedHandler, type SessionBackend } from "sessionwire/backend";
import { expect, test, vi } from "vitest";
import { bytes } from "../../redis/session-data.ts";

test("a backend that keeps the bytes of a write has its own copy (law 5)", async () => {
  const kept: Uint8Array[] = [];
  const backend: SessionBackend = {
    read: (): StoredSession | undefined => undefined,
    write(_key, data): WriteResult {
      kept.push(data);
      return { written: false, current: undefined };
    },
    touch: () => false,
    destroy: () => ({ destroyed: false, current: undefined }),
    close() {},
  };
  await using handler = createGuardedHandler(backend, { name: "A store that keeps what it is given" });
  const data = bytes("first");
  await handler.write("a", data, { replaces: undefined, ttlSeconds: 60 });
  data.fill(0);
  expect(kept.map(String)).toEqual([String(bytes("first"))]);
});

test("arguments that cannot be used are refused before the backend hears of them (laws 11, 28, 31 and 33)", async () => {
  const called = vi.fn(() => expect.fail("The backend has been called."));
  const backend = { read: called, write: called, touch: called, destroy: called, close() {} };
  await using handler = createGuardedHandler(backend, { name: "A store that is not asked", maxBytes: 1000 });
  const [data, ttlSeconds] = [bytes("data"), 60];
  const replaces = 42 as unknown as Version; // what a program without types could pass
  const badId = "a\ud800b";
  for (const call of [
    () => handler.read(badId),
    () => handler.write(badId, data, { replaces: undefined, ttlSeconds }),
    () => handler.touch(badId, ttlSeconds),
    () => handler.destroy(badId),
    () => handler.read("id", { ttlSeconds: 0 }),
    () => handler.write("id", data, { replaces: undefined, ttlSeconds: 2 ** 31 }),
    () => handler.touch("id", 1.5),
    () => handler.write("id", new Uint8Array(1001), { replaces: undefined, ttlSeconds }),
    () => handler.write("id", data, { replaces, ttlSeconds }),
    () => handler.destroy("id", { replaces }),
    () => handler.touch("id", ttlSeconds, { signal: {} as AbortSignal }),
  ]) {
    await expect(call()).rejects.toThrow();
  }
  expect(called).not.toHaveBeenCalled();
});
