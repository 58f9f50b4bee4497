// @module-tag real-time

import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createSessionManager, expressFormat } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import type { SessionClaim } from "sessionwire/sockets";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { openNativeStage } from "../ws/native-stage.ts";
import { allowedOrigins } from "../ws/stage.ts";
import type { SocketBinding } from "./binding.ts";
import { crosswsBinding } from "./crossws-stage.ts";
import { socketIoBinding } from "./socket-io-stage.ts";
import { wsBinding } from "./ws-stage.ts";

const bindings = [wsBinding, crosswsBinding, socketIoBinding("websocket"), socketIoBinding("polling")];

describe.each(bindings)("$name", (binding) => {
  test("a ticket opens a socket of its session without a cookie or an origin, once", async () => {
    await using stage = await open(binding);
    const browser = await stage.signIn();
    const ticket = await stage.tickets.issue({ id: String(browser.id) });
    const { client, session } = await stage.connect({ ticket, origin: null });
    await session.change((draft) => draft.set("n", 7));
    expect((await browser.visit((visit) => visit.session.n)).body).toBe(7);
    expect(await stage.refuse({ ticket, origin: null })).toEqual({ status: 401 });
    expect(stage.events.at(-1)).toMatchObject({ type: "refused", reason: "bad-ticket", status: 401 });
    expect(client.isOpen).toBe(true);
    await browser.visit((visit) => visit.destroy());
    expect(await client.closed).toMatchObject({ code: 1008 });
  });

  test("an invalid ticket is refused, whatever cookie comes with it; without a ticket, the cookie decides", async () => {
    await using stage = await open(binding);
    const browser = await stage.signIn();
    const { cookie } = browser;
    expect(await stage.refuse({ cookie, ticket: "A".repeat(43) })).toEqual({ status: 401 });
    expect(stage.events.at(-1)).toMatchObject({ reason: "bad-ticket" });
    expect((await stage.connect({ cookie })).client.isOpen).toBe(true);
    expect(await stage.refuse({ origin: null })).toEqual({ status: 401 });
    expect(stage.events.at(-1)).toMatchObject({ reason: "no-cookie" });
  });

  test("a page that may not connect does not use up a ticket", async () => {
    await using stage = await open(binding);
    const browser = await stage.signIn();
    const ticket = await stage.tickets.issue({ id: String(browser.id) });
    expect(await stage.refuse({ ticket, origin: "https://evil.example" })).toEqual({ status: 403 });
    expect((await stage.connect({ ticket })).client.isOpen).toBe(true);
  });
});

test("a ticket may come in a query, or among the sub-protocols behind the one that is echoed", async () => {
  const authenticate = ({ url = "", headers }: IncomingMessage): SessionClaim | undefined => {
    const [, offered] = /\bticket\.([\w-]+)/.exec(headers["sec-websocket-protocol"] ?? "") ?? [];
    const ticket = offered ?? new URL(url, "http://server").searchParams.get("ticket");
    return ticket ? { ticket } : undefined;
  };
  await using stage = await openNativeStage({}, { authenticate });
  const refused: unknown[] = [];
  stage.sessions.subscribe((event) => event.type === "refused" && refused.push(event));
  const session = await stage.create();
  const { url } = await stage.address(session);
  const [origin] = allowedOrigins;
  const ofQuery = new WebSocket(`${url}/?ticket=${await stage.sessions.tickets.issue(session)}`, { origin });
  await once(ofQuery, "open");
  const ticket = await stage.sessions.tickets.issue(session);
  const ofProtocol = new WebSocket(url, ["chat", `ticket.${ticket}`], { origin });
  await once(ofProtocol, "open");
  expect(ofProtocol.protocol).toBe("chat");
  expect(stage.sockets.size).toBe(2);
  const again = new WebSocket(`${url}/?ticket=${ticket}`, { origin });
  await once(again, "error");
  expect(stage.events.at(-1)).toMatchObject({ reason: "bad-ticket" });
  expect(refused).toEqual([]); // sockets tell it by themselves
});

/** A stage where tickets count, and another process that issues them. */
async function open(binding: SocketBinding) {
  const handler = createMemoryHandler();
  const stage = await binding.open(handler, {
    sockets: { allowMissingOrigin: true, authenticate: (request, auth) => claimOf(ticketIn(request, auth)) },
  });
  const { tickets } = createSessionManager({ handler, format: expressFormat() });
  return Object.assign(stage, { tickets });
}

function claimOf(ticket: string | undefined): SessionClaim | undefined {
  return ticket === undefined ? undefined : { ticket };
}

/** The `auth` of socket.io, or a header of a request of Node.js or of the Web. */
function ticketIn(request: unknown, auth: unknown): string | undefined {
  if (auth) return (auth as { readonly ticket?: string }).ticket;
  const { headers } = request as { readonly headers: Headers | IncomingMessage["headers"] };
  const header = headers instanceof Headers ? headers.get("authorization") : headers.authorization;
  return header?.replace("Ticket ", "");
}
