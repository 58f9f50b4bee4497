import type { Hooks } from "crossws";
import {
  type AcceptedHandshake,
  handshakeRequest,
  type RefusedHandshake,
  type SessionSocketServer,
} from "sessionwire/sockets";
import type { CrosswsTypes } from "./options.ts";

/** The key under which a handshake travels from one hook to the next, in the context of its socket. */
const handshakeKey: unique symbol = Symbol("sessionwire.handshake");

interface HandshakeContext<Attributes extends object> {
  [handshakeKey]?: AcceptedHandshake<CrosswsTypes, Attributes>;
}

type Upgrade = Hooks["upgrade"];

/** Returns the hook that decides about a handshake. It asks the application once the session may have a socket. */
export function createUpgrade<Attributes extends object>(
  sockets: SessionSocketServer<CrosswsTypes, Attributes>,
  upgrade: Upgrade | undefined,
): Upgrade {
  return async (request) => {
    ignoreErrors(request);
    // Not every runtime reports that a client has left, so an accepted handshake keeps its place for a limited time
    // only.
    const decision = await sockets.decide(handshakeRequest(request));
    if (!decision.accepted) return refusal(decision);
    const answer = (await upgrade?.(request)) ?? {};
    if (answer instanceof Response) return answer;
    const refused = decision.confirm();
    if (refused) return refusal(refused);
    return { ...answer, context: { ...answer.context, [handshakeKey]: decision } };
  };
}

/** Returns the handshake that a socket came through, once; `undefined` if the socket came another way. */
export function takeHandshake<Attributes extends object>({
  context,
}: {
  readonly context: HandshakeContext<Attributes>;
}): AcceptedHandshake<CrosswsTypes, Attributes> | undefined {
  const { [handshakeKey]: handshake } = context;
  delete context[handshakeKey];
  return handshake;
}

/** A request on Node.js, as the server of crossws passes it on. */
interface NodeRequest {
  readonly runtime?: { readonly node?: { readonly upgrade?: { readonly socket?: ErrorSource } } };
}

interface ErrorSource {
  on(event: "error", listener: () => void): unknown;
}

/**
 * Listens to the connection while a hook decides: Node.js has no listener of its own then, and a reset would end the
 * process.
 */
function ignoreErrors(request: Request & NodeRequest): void {
  request.runtime?.node?.upgrade?.socket?.on("error", () => {});
}

function refusal({ status, reason, headers }: RefusedHandshake): Response {
  return new Response(`${reason}\n`, { status, headers: { ...headers, "Content-Type": "text/plain; charset=utf-8" } });
}
