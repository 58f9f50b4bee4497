import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startRedis } from "../servers/redis-server.ts";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const [inMemory, onRedis, ...others] = (await programsOf("README.md")).map(({ text }) => text);

async function run(text: string): Promise<string> {
  await using folder = await writePrograms([{ name: "program.mts", text }]);
  return await runProgram(join(folder.path, "program.mts")); // the folder is there until then
}

/** Returns the program on a port of its own. */
function started(program = ""): string {
  const changed = program.replace(
    /^(const server = )?app\.listen\(3000\)/m,
    'const server = app.listen(0, "127.0.0.1")',
  );
  expect(changed).not.toBe(program);
  return changed;
}

test("the README has at most 250 lines, and two programs", () => {
  const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
  expect(readme.trimEnd().split("\n").length).toBeLessThanOrEqual(250);
  expect(others).toEqual([]);
});

test("the program of the README in memory has at most 25 lines, and counts visits", async () => {
  expect(inMemory?.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
  const visitor = `
import { once } from "node:events";
await once(server, "listening");
const { port } = server.address() as import("node:net").AddressInfo;
const first = await fetch(\`http://127.0.0.1:\${port}\`);
const cookie = first.headers.getSetCookie()[0]?.split(";")[0] ?? "";
const second = await fetch(\`http://127.0.0.1:\${port}\`, { headers: { cookie } });
process.stdout.write((await first.text()) + (await second.text()));
server.close();
server.closeAllConnections();`;
  expect(await run(`${started(inMemory)}${visitor}`)).toBe("Visit 1\nVisit 2\n");
});

test("the program of the README on Redis has at most 25 lines, shows over HTTP what a socket has set, and closes it at the sign-out", async () => {
  await using server = await startRedis();
  expect(onRedis?.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
  const visitor = `
import { once } from "node:events";
import { WebSocket } from "ws";
await once(server, "listening");
const { port } = server.address() as import("node:net").AddressInfo;
const first = await fetch(\`http://127.0.0.1:\${port}/name\`);
const cookie = first.headers.getSetCookie()[0]?.split(";")[0] ?? "";
const visit = async (method: string, path: string) =>
  (await fetch(\`http://127.0.0.1:\${port}\${path}\`, { method, headers: { cookie } })).text();
console.log(await first.text()); // its session is stored when it is through
const socket = new WebSocket(\`ws://127.0.0.1:\${port}/socket\`, { headers: { cookie, origin: "http://localhost:3000" } });
await once(socket, "open");
socket.send("Zoë");
console.log(String((await once(socket, "message"))[0]), await visit("GET", "/name"));
const closed = once(socket, "close");
console.log(await visit("POST", "/sign-out"), (await closed)[0], await visit("GET", "/name"));
const foreign = new WebSocket(\`ws://127.0.0.1:\${port}/socket\`, { headers: { cookie, origin: "https://evil.example" } });
foreign.once("error", ({ message }) => console.log(message)).once("close", () => process.emit("SIGTERM"));
server.closeIdleConnections();`;
  const program = started(onRedis?.replace("redis://localhost", server.url));
  expect(program).toContain(server.url);
  expect(await run(`${program}${visitor}`)).toBe(
    "stranger\nsaved Zoë\nBye. 1008 stranger\nUnexpected server response: 403\n",
  );
});
