import { checkOptionNames } from "../backend/checks.ts";
import type { SessionFormat } from "../formats/format.ts";
import { assembleManager } from "./assemble-manager.ts";
import type { SessionManager, SessionManagerOptions } from "./manager.ts";

/**
 * The options of {@link createBasicSessionManager}: those of `createSessionManager` without `channel`, `users`,
 * `schema` and `onInvalid`.
 *
 * @public
 */
export interface BasicSessionManagerOptions
  extends Omit<SessionManagerOptions, "channel" | "format" | "users" | "schema" | "onInvalid"> {
  /** The format in which sessions are stored. */
  readonly format: SessionFormat;
}

export const basicOptionNames: readonly string[] = [
  "handler",
  "format",
  "idleTimeoutSeconds",
  "lifetimeSeconds",
  "touchEverySeconds",
  "maxConflicts",
  "cacheBytes",
  "cookie",
  "clock",
];

/**
 * Creates a session manager without channels, users, a schema and a default format, whose code bundlers then leave out. It is for
 * bindings that take a handler and make the manager themselves.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function createBasicSessionManager(options: BasicSessionManagerOptions): SessionManager {
  checkOptionNames("createBasicSessionManager", options, basicOptionNames);
  return assembleManager(options, options.format, {});
}
