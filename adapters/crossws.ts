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
 * Makes hooks for crossws that give every socket the session of the web application, and refuse those that have none: on Node.js, Bun,
 * Deno and whatever else crossws runs on. The hooks of the application get the session as last argument.
 *
 * @remarks
 * - **Before the 101**, a handshake shows an allowed origin, else 403; and a cookie that leads to a session, else 401. A store
 *   that does not answer is a 503, in any case within `handshakeTimeoutMs`. (OWASP ASVS 5.0, 4.4.2 and 4.4.3)
 * - **A socket holds an id and no data**: each `open` and `update` works on what is stored by then.
 * - **A session that ends takes its sockets along**: they are closed with 1008 and no message reaches the application any more.
 * - **A socket without a handshake** of these hooks is closed with 1008: one that a Durable Object has got back after a pause, for instance.
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
