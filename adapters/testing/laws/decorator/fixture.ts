import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import type { OperationOptions, SessionHandler, StoredSession, Version } from "sessionwire";
import { createVirtualClock, settled, type VirtualClock } from "../../virtual-clock.ts";
import { bytes } from "../law.ts";
import { InnerHandler } from "./inner-handler.ts";

/**
 * A decorator with its options, on virtual time.
 *
 * @public
 */
export type Decorate = (handler: SessionHandler, clock: VirtualClock) => SessionHandler;

/** A decorator and its declarations. */
export interface Decoration {
  readonly decorate: Decorate;
  /** `true` if the stored bytes differ from those written. */
  readonly changesBytes: boolean;
  /** `true` if the ids passed on differ from those received. Then nothing can be listed. */
  readonly changesKeys: boolean;
}

/** A decorator around a handler that records its calls. */
export interface Fixture<Inner extends InnerHandler> {
  readonly inner: Inner;
  /** The decorated handler, with the capabilities of the inner one. */
  readonly handler: SessionHandler & Omit<Inner, keyof InnerHandler>;
  readonly clock: VirtualClock;
}

export const create = { replaces: undefined, ttlSeconds: 3600 };
export const data: Uint8Array = bytes("data");
export const version = "a version" as Version; // the result is not used

export type Method = "read" | "write" | "touch" | "destroy";

/** One call of each operation, with further options that every one of them accepts. */
export const operations: readonly {
  readonly method: Method;
  readonly changes: boolean;
  make(handler: SessionHandler, options?: OperationOptions): Promise<unknown>;
}[] = [
  { method: "read", changes: false, make: (handler, options) => handler.read("a", options) },
  { method: "write", changes: true, make: (handler, options) => handler.write("a", data, { ...create, ...options }) },
  { method: "touch", changes: true, make: (handler, options) => handler.touch("a", 60, options) },
  { method: "destroy", changes: true, make: (handler, options) => handler.destroy("a", options) },
];

/** Wraps a handler without a connection, or one of another kind. */
export function setUp(decoration: Decoration): Fixture<InnerHandler>;
export function setUp<Inner extends InnerHandler>(decoration: Decoration, inner: Inner): Fixture<Inner>;
export function setUp({ decorate }: Decoration, inner = new InnerHandler()): Fixture<InnerHandler> {
  const clock = createVirtualClock();
  return { inner, clock, handler: decorate(inner, clock) };
}

/** Returns session a as the inner handler stores it when `data` is written through the decorator. */
export async function storedBy({ handler, inner }: Fixture<InnerHandler>): Promise<StoredSession> {
  await handler.write("a", data, create);
  const [, , written] = inner.asked.splice(0).at(-1) ?? [];
  assert.ok(written instanceof Uint8Array, "The data written is not a Uint8Array.");
  return { data: written, version };
}

/**
 * Waits for an event that takes no time of the clock. It may take turns of the event loop, and real time if a decorator
 * works elsewhere, as compression does.
 */
export async function until(hasHappened: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (let turns = 0; !hasHappened(); turns += 1) {
    assert.ok(performance.now() < end, "The expected event does not happen.");
    await (turns < 100 ? settled() : wait(1));
  }
}

/** Maximum time in ms that a decorator may work on one call. */
const PATIENCE_MS = 2000;
