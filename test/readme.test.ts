import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, runProgram, typeErrorsOf, writePrograms } from "./markdown-programs.ts";
import { startRedis } from "./servers/redis-server.ts";

const programs = await programsOf("README.md");

async function run(text: string): Promise<string> {
  await using folder = await writePrograms([{ name: "program.ts", text }]);
  return await runProgram(join(folder.path, "program.ts")); // the folder is there until then
}

test("the README has three programs", () => {
  expect(programs).toHaveLength(3);
});

test("the programs of the README are free of type errors", async () => {
  expect(await typeErrorsOf(programs)).toBe("");
});

test("the first program of the README has at most 25 lines, shows over HTTP what a socket has set, and closes it at the sign-out", async () => {
  await using server = await startRedis();
  const program = programs[0]?.text ?? "";
  expect(program.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
  const visitor = `
import { once } from "node:events";
import { WebSocket } from "ws";
await once(server, "listening");
const { port } = server.address() as import("node:net").AddressInfo;
const first = await fetch(\`http://127.0.0.1:\${port}\`);
const cookie = first.headers.getSetCookie()[0]?.split(";")[0] ?? "";
const visit = async (method: string, path: string) =>
  (await fetch(\`http://127.0.0.1:\${port}\${path}\`, { method, headers: { cookie } })).text();
console.log(await first.text()); // its session is stored when it is through
const socket = new WebSocket(\`ws://127.0.0.1:\${port}/socket\`, { headers: { cookie, origin: "http://localhost:3000" } });
await once(socket, "open");
socket.send("Zoë");
let page = await visit("GET", "/");
while (page.includes("stranger")) page = await visit("GET", "/");
console.log(page);
const closed = once(socket, "close");
console.log(await visit("POST", "/sign-out"), (await closed)[0], await visit("GET", "/"));
const foreign = new WebSocket(\`ws://127.0.0.1:\${port}/socket\`, { headers: { cookie, origin: "https://evil.example" } });
foreign.once("error", ({ message }) => console.log(message)).once("close", () => process.emit("SIGTERM"));
server.closeIdleConnections();`;
  const started = program
    .replace("redis://localhost", server.url)
    .replace("app.listen(3000)", 'app.listen(0, "127.0.0.1")');
  expect(started).not.toBe(program);
  expect(await run(`${started}${visitor}`)).toBe(
    "Hello, stranger.\nHello, Zoë.\nBye. 1008 Hello, stranger.\nUnexpected server response: 403\n",
  );
});

test("the program of the README without a framework counts visits, and tells a socket of them", async () => {
  const visitor = `
import { once } from "node:events";
import { WebSocket } from "ws";
await once(server, "listening");
const { port } = server.address() as import("node:net").AddressInfo;
const first = await fetch(\`http://127.0.0.1:\${port}\`);
const cookie = first.headers.getSetCookie()[0]?.split(";")[0] ?? "";
console.log(await first.text());
console.log(await (await fetch(\`http://127.0.0.1:\${port}\`, { headers: { cookie } })).text());
const socket = new WebSocket(\`ws://127.0.0.1:\${port}/socket\`, { headers: { cookie, origin: "http://localhost:3000" } });
console.log(String((await once(socket, "message"))[0]));
await sockets.close();
server.close();
server.closeAllConnections();
await sessions.close();`;
  const program = programs[2]?.text ?? "";
  expect(await run(`${program.replace("listen(3000)", 'listen(0, "127.0.0.1")')}${visitor}`)).toBe(
    "Visit 1\nVisit 2\n2 visits\n",
  );
});

test("the program of the README without HTTP runs, ends, and says what it is to say", async () => {
  expect(await run(programs[1]?.text ?? "")).toBe("Ann [ 'Welcome.' ]\n");
});
