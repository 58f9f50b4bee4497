import assert from "node:assert/strict";
import type { SessionHandler, Version, WriteResult } from "sessionwire";
import { bytes, text } from "../law.ts";

/** A handler on an empty store, and the means to test it. */
export interface Fixture<Handler extends SessionHandler = SessionHandler> {
  readonly handler: Handler;
  /** Advances the store's time. */
  advance(ms: number): Promise<void>;
  /** Time that a session may outlive its time to live, in milliseconds. */
  readonly lateMs: number;
  /** Maximum size of a session in bytes. */
  readonly maxBytes: number;
}

/** The answer to a write that would have replaced an absent session. */
export const gone: WriteResult = { written: false, current: undefined };

export async function create(
  handler: SessionHandler,
  id: string,
  { data = "data", ttlSeconds = 60 }: { data?: string; ttlSeconds?: number } = {},
): Promise<Version> {
  return written(await handler.write(id, bytes(data), { replaces: undefined, ttlSeconds }));
}

export async function replace(
  handler: SessionHandler,
  id: string,
  replaces: Version | undefined,
  data: string,
  ttlSeconds = 60,
): Promise<Version> {
  return written(await handler.write(id, bytes(data), { replaces, ttlSeconds }));
}

export async function stored(handler: SessionHandler, id: string): Promise<string | undefined> {
  return text((await handler.read(id))?.data);
}

export function written(result: WriteResult): Version {
  assert.ok(result.written, "The write was refused.");
  return result.version;
}
