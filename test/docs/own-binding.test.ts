import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/own-binding.md");

const visitor = `
import { once } from "node:events";
import { createServer } from "node:http";
import { createSessionManager } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { WebSocket } from "ws";
import { attachSessions } from "./binding.ts";

const sessions = createSessionManager({ handler: createMemoryHandler() });
const server = createServer().listen(0);
const origin = "http://app.example";
const sockets = attachSessions(server, {
  sessions,
  allowedOrigins: [origin],
  async onMessage(socket, text, session) {
    await session.change((s) => s.set("text", text));
    socket.send(String((await session.open()).get("text")));
  },
});
const session = await sessions.create();
session.set("user", "Ann");
await session.save();
const [cookie = ""] = (await sessions.cookie.serialize(session)).split(";");
const url = "ws://localhost:" + (server.address() as import("node:net").AddressInfo).port;
for (const headers of [{ origin }, { cookie, origin: "http://evil.example" }]) {
  const [, response] = await once(new WebSocket(url, { headers }), "unexpected-response");
  console.log(response.statusCode, response.headers["cache-control"]);
}
const socket = new WebSocket(url, { headers: { cookie, origin } });
await once(socket, "open");
socket.send("Zoë");
console.log(String((await once(socket, "message"))[0]));
const closed = once(socket, "close");
await sessions.destroy(session.id);
console.log((await closed)[0], sockets.size);
await sockets.close();
server.close();
await sessions.close();`;

test("the program of the page refuses clients without a session, and closes a socket at the sign-out", async () => {
  await using folder = await writePrograms([...programs, { name: "visitor.ts", text: visitor }]);
  expect(await runProgram(join(folder.path, "visitor.ts"))).toBe("401 no-store\n403 no-store\nZoë\n1008 0\n");
});
