/**
 * Sessions on the sockets of crossws, which runs on Node.js, Bun, Deno and others.
 *
 * @packageDocumentation
 */

import { createSessionSocketServer } from "sessionwire/sockets";
import { createUpgrade } from "./crossws/handshake.ts";
import type { ApplicationHooks, CrosswsTypes, SessionHooks, SessionHooksOptions } from "./crossws/options.ts";
import { createSocketHooks } from "./crossws/socket-hooks.ts";

export type { RefusalReason, SessionSocketEvent, SocketSession } from "sessionwire/sockets";
export type {
  ApplicationHooks,
  CloseDetails,
  CrosswsTypes,
  SessionHooks,
  SessionHooksOptions,
  SessionSockets,
} from "./crossws/options.ts";

/**
 * Creates hooks for crossws that give every socket its session of the web application, and refuse sockets that have
 * none: on Node.js, Bun, Deno and every other runtime of crossws. The application's hooks receive the session as their
 * last argument.
 *
 * @remarks
 * - **Before the 101**, a handshake must have an allowed origin, else it gets a 403, and a cookie that leads to a
 *   session, else a 401. A store that does not answer is a 503, always within `handshakeTimeoutMs`. (OWASP ASVS 5.0,
 *   4.4.2 and 4.4.3)
 * - **A socket holds an id and no data**: each `open` and `change` works on the data stored at that time.
 * - **A session that ends closes its sockets**: they are closed with 1008, and no further message reaches the
 *   application.
 * - **A socket without a handshake** of these hooks is closed with 1008, for example one that a Durable Object restored
 *   after hibernation.
 *
 * @throws `RangeError` or `TypeError` for an option that cannot be used.
 *
 * @public
 */
export function createSessionHooks<Attributes extends object = Record<string, unknown>>(
  options: SessionHooksOptions<Attributes>,
  application: ApplicationHooks<Attributes> = {},
): SessionHooks {
  const { upgrade, ...others } = application;
  const sockets = createSessionSocketServer<Attributes, CrosswsTypes>(
    {
      ...options,
      onConnection: (peer, _request, session) => application.open?.(peer, session),
      onMessage: (peer, message, session) => application.message?.(peer, message, session),
    },
    "createSessionHooks",
  );
  return {
    hooks: { ...others, upgrade: createUpgrade(sockets, upgrade), ...createSocketHooks(application) },
    sockets,
  };
}
