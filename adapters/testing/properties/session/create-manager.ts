import type { Clock, SessionHandler, SessionManager, SessionManagerOptions } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { createReferenceHandler } from "../../reference-handler.ts";
import { createVirtualClock } from "../../virtual-clock.ts";

/**
 * Creates a session manager on a handler, in virtual time: `createSessionManager`, or a replacement for it.
 *
 * @public
 */
export type CreateManager = (options: {
  readonly handler: SessionHandler;
  readonly clock: Clock;
  readonly maxConflicts: number;
  readonly touchEverySeconds?: number;
  readonly idleTimeoutSeconds?: number;
  readonly lifetimeSeconds?: number;
  readonly users?: SessionManagerOptions["users"];
}) => SessionManager;

/** Returns the format in which the managers store sessions. */
export function formatOf(createManager: CreateManager): SessionFormat {
  const clock = createVirtualClock();
  return createManager({ handler: createReferenceHandler({ clock }), clock, maxConflicts: 1 }).format;
}
