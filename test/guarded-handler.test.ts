import type { StoredSession, WriteResult } from "sessionwire";
import { createGuardedHandler, type SessionBackend } from "sessionwire/backend";
import { expect, test } from "vitest";
import { bytes } from "./redis/session-data.ts";

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
