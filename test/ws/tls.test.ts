import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createSessionManager } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { attachSessions } from "sessionwire/ws";
import { expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createCertificate } from "../servers/certificate.ts";

test("sockets of a server with TLS use sessions as others do, and only pages with TLS open them", async () => {
  using certificate = await createCertificate();
  await using server = createServer({ cert: certificate.cert, key: certificate.key }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // as it listens on a port
  await using sessions = createSessionManager<{ name: string }>({ handler: createMemoryHandler() });
  const sockets = attachSessions(server, new WebSocketServer({ noServer: true, maxPayload: 2 ** 24 }), {
    sessions,
    allowedOrigins: [`https://127.0.0.1:${port}`],
    onConnection(socket, _request, session) {
      socket.on("message", async (name) => {
        await session.change((draft) => draft.set("name", String(name)));
        socket.send("done");
      });
    },
  });
  const session = await sessions.create();
  session.set("name", "Ann");
  await session.save();
  const [cookie] = (await sessions.cookie.serialize(session)).split(";");
  const connect = (origin: string) =>
    new WebSocket(`wss://127.0.0.1:${port}`, { ca: certificate.cert, origin, headers: { cookie } });

  const refused = connect(`http://127.0.0.1:${port}`);
  expect(String((await once(refused, "error"))[0])).toContain("403");

  const client = connect(`https://127.0.0.1:${port}`);
  await once(client, "open");
  client.send("Bob");
  expect(String((await once(client, "message"))[0])).toBe("done");
  expect((await sessions.open(session.id))?.get("name")).toBe("Bob");
  const closed = once(client, "close");
  await sessions.destroy(session.id);
  expect((await closed)[0]).toBe(1008);
  await sockets.close();
});
