import type { AddressInfo } from "node:net";
import { type ClientOptions, connectClient, refusedHandshake } from "../ws/client.ts";
import { type Caller, origin, type Pairing, type SocketClient, type SocketStage, type StageBase } from "./binding.ts";

/** The part of a stage that is the same for all bindings to WebSockets: its clients. */
export function webSocketClients(
  { site, events, signIn }: StageBase,
  pairing: Pairing,
): Pick<SocketStage, "events" | "signIn" | "connect" | "refuse"> {
  const url = `ws://127.0.0.1:${(site.server.address() as AddressInfo).port}`; // a TCP server that listens has a port
  return {
    ...{ events, signIn },
    async connect(caller, ready) {
      const { path, served } = pairing.expect(ready);
      return { ...(await connectWebSocket(url + path, caller)), ...(await served) };
    },
    refuse: (caller) => refusedWebSocket(url, caller),
  };
}

/** A client of WebSocket, as a browser has one, and the cookies that came with its handshake. */
export async function connectWebSocket(
  url: string,
  caller: Caller,
): Promise<{ readonly client: SocketClient; readonly cookiesSet: readonly string[] }> {
  const client = await connectClient(url, headersOf(caller));
  return { client, cookiesSet: client.cookiesSet };
}

/** The answer to a handshake that is refused. */
export async function refusedWebSocket(url: string, caller: Caller): Promise<{ readonly status: number }> {
  const { status } = await refusedHandshake(url, headersOf(caller));
  return { status };
}

function headersOf({ cookie, origin: given = origin, ticket }: Caller): ClientOptions {
  return { cookie, origin: given, ...(ticket !== undefined && { headers: { authorization: `Ticket ${ticket}` } }) };
}
