import type { SessionHandler, SessionManager, SessionManagerOptions } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { createReferenceHandler } from "../../reference-handler.ts";
import { createScriptedHandler, type ScriptedHandler } from "../../scripted-handler.ts";
import { createVirtualClock, type VirtualClock } from "../../virtual-clock.ts";

/**
 * The functions that create the sessions of the conformance cases.
 *
 * @public
 */
export interface SessionHarness {
  /** Creates a manager: `createSessionManager`, or a replacement for it. */
  createManager(options: SessionManagerOptions): SessionManager;
  /** Creates the format in which the sessions are stored. @defaultValue the format of the managers */
  createFormat?(): SessionFormat;
}

/** Two processes on one store: `sessions`, on whose handler a case determines the fate of calls, and `others`. */
export interface SessionFixture {
  readonly clock: VirtualClock;
  readonly store: SessionHandler;
  readonly handler: ScriptedHandler;
  readonly format: SessionFormat;
  readonly sessions: SessionManager;
  readonly others: SessionManager;
  /** Starts another process on the store, or on its own handler. */
  process(options?: Partial<SessionManagerOptions>): SessionManager;
  /** Creates a store with a smaller maximum session size than usual. */
  createStore(options: { readonly maxBytes: number }): SessionHandler;
  /** Creates the same again, on its own store. */
  anew(options?: Partial<SessionManagerOptions>): SessionFixture;
}

export function createFixture(harness: SessionHarness, options: Partial<SessionManagerOptions> = {}): SessionFixture {
  const clock = createVirtualClock();
  const store = createReferenceHandler({ clock });
  const handler = createScriptedHandler(store);
  const process = (own: Partial<SessionManagerOptions> = {}) => {
    const format = harness.createFormat && { format: harness.createFormat() };
    return harness.createManager({ handler: store, clock, ...format, ...options, ...own });
  };
  const others = process();
  return {
    clock,
    store,
    handler,
    format: others.format,
    sessions: process({ handler: withoutRosters(handler, store) }),
    others,
    process,
    createStore: ({ maxBytes }) => createReferenceHandler({ clock, maxBytes }),
    anew: (own) => createFixture(harness, { ...options, ...own }),
  };
}

/**
 * Hides the rosters by which managers take turns from the script, because a case controls and counts the calls for
 * sessions.
 */
function withoutRosters(handler: ScriptedHandler, store: SessionHandler): SessionHandler {
  const chosen = (key: string) => (key.startsWith("turn:") ? store : handler);
  const { read, write, destroy }: Pick<SessionHandler, "read" | "write" | "destroy"> = {
    read: (key, options) => chosen(key).read(key, options),
    write: (key, data, options) => chosen(key).write(key, data, options),
    destroy: (key, options) => chosen(key).destroy(key, options),
  };
  return Object.assign(Object.create(handler), { read, write, destroy });
}
