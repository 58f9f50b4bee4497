import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/crossws.md");

const visitor = `
import { once } from "node:events";
import { WebSocket } from "ws";
await server.ready();
const url = server.url ?? "";
const first = await fetch(url);
const cookie = first.headers.getSetCookie()[0]?.split(";")[0] ?? "";
console.log(await first.text());
const origin = "http://localhost:3000";
const socket = new WebSocket(url.replace("http", "ws"), { headers: { cookie, origin } });
console.log(String((await once(socket, "message"))[0]));
socket.send("Zoë");
console.log(String((await once(socket, "message"))[0]));
console.log(await (await fetch(url, { headers: { cookie } })).text());
const closed = once(socket, "close");
await fetch(url + "sign-out", { headers: { cookie } });
console.log((await closed)[0]);
const late = new WebSocket(url.replace("http", "ws"), { headers: { cookie, origin } });
const [{ message }] = await once(late, "error");
console.log(message);
await sockets.close();
await server.close(true);
await sessions.close();`;

test("the program of the page shows over HTTP a value set by a socket, and closes the socket at the sign-out", async () => {
  const program = programs[0]?.text.replace("port: 3000", 'port: 0, hostname: "127.0.0.1", silent: true') ?? "";
  await using folder = await writePrograms([{ name: "program.ts", text: program + visitor }]);
  expect(await runProgram(join(folder.path, "program.ts"))).toBe(
    "Hello, stranger.\nHello, stranger.\nNow you are Zoë.\nHello, Zoë.\n1008\nUnexpected server response: 401\n",
  );
});
