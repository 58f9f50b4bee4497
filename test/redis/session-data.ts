import { randomUUID } from "node:crypto";
import type { SessionHandler, StoredSession, Version } from "sessionwire";

/** An id that no other test uses. */
export function freshId(): string {
  return randomUUID();
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The data of a session as text; `undefined` where there is no session. */
export function textOf(session: StoredSession | undefined): string | undefined {
  return session && new TextDecoder().decode(session.data);
}

/** Creates a session for a test to work on. */
export async function create(handler: SessionHandler, data = "first"): Promise<{ id: string; version: Version }> {
  const id = freshId();
  const result = await handler.write(id, bytes(data), { replaces: undefined, ttlSeconds: 600 });
  if (!result.written) throw new Error("There is a session under a fresh id.");
  return { id, version: result.version };
}
