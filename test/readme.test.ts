import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startRedis } from "./servers/redis-server.ts";

const readme = await readFile(join(import.meta.dirname, "../README.md"), "utf8");
const programs = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, program = ""]) => program);

/** Below the tests, so that the programs find the package by its name. */
async function run(program: string): Promise<string> {
  const directory = await mkdtemp(join(import.meta.dirname, ".readme-"));
  try {
    const file = join(directory, "program.ts");
    await writeFile(file, program);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--import", "tsx", file], {
      timeout: 20_000,
    });
    return stdout + stderr;
  } finally {
    await rm(directory, { recursive: true });
  }
}

test("the README has five programs", () => {
  expect(programs).toHaveLength(5);
});

test("the programs of the README are free of type errors", async () => {
  const directory = await mkdtemp(join(import.meta.dirname, ".readme-"));
  try {
    const names = programs.map((_, place) => `${place}.ts`);
    for (const [place, name] of names.entries()) {
      await writeFile(join(directory, name), `${programs[place]}\nexport {};\n`);
    }
    const compilerOptions = { noUnusedLocals: false }; // a reader goes on where a program ends
    const config = { extends: "../../tsconfig.json", compilerOptions, include: [], files: names };
    await writeFile(join(directory, "tsconfig.json"), JSON.stringify(config));
    const compiler = join(import.meta.dirname, "../node_modules/typescript/bin/tsc");
    const { stdout } = await promisify(execFile)(process.execPath, [compiler, "--project", directory]).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe("");
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("the first program of the README has at most 25 lines, shows over HTTP what a socket has set, and closes it at the sign-out", async () => {
  await using server = await startRedis();
  const program = programs[0] ?? "";
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
const socket = new WebSocket(\`ws://127.0.0.1:\${port}\`, { headers: { cookie, origin: "http://localhost:3000" } });
await once(socket, "open");
socket.send("Zoë");
let page = await visit("GET", "/");
while (page.includes("stranger")) page = await visit("GET", "/");
console.log(page);
const closed = once(socket, "close");
console.log(await visit("POST", "/sign-out"), (await closed)[0], await visit("GET", "/"));
const foreign = new WebSocket(\`ws://127.0.0.1:\${port}\`, { headers: { cookie, origin: "https://evil.example" } });
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
const socket = new WebSocket(\`ws://127.0.0.1:\${port}\`, { headers: { cookie, origin: "http://localhost:3000" } });
console.log(String((await once(socket, "message"))[0]));
await sockets.close();
server.close();
server.closeAllConnections();
await sessions.close();`;
  const program = programs[2] ?? "";
  expect(await run(`${program.replace("listen(3000)", 'listen(0, "127.0.0.1")')}${visitor}`)).toBe(
    "Visit 1\nVisit 2\n2 visits\n",
  );
});

test("the program of the README without HTTP runs, ends, and says what it is to say", async () => {
  expect(await run(programs[1] ?? "")).toBe("Ann [ 'Welcome.' ]\n");
});

test("the handler that the README writes runs", async () => {
  const program = `${programs[3]}
const first = await handler.read("a");
console.log(first?.data.join(), (await handler.write("a", new Uint8Array(), { replaces: undefined, ttlSeconds: 1 })).written);
console.log((await handler.destroy("a")).destroyed, (await handler.destroy("a")).destroyed);`;
  expect(await run(program)).toBe("1,2,3 false\ntrue false\n");
});

test("the tests that the README writes for a handler run, and pass", async () => {
  const output = await run(programs[4] ?? "");
  expect(output).toMatch(/^(#|ℹ) fail 0$/m);
  expect(Number(/^(?:#|ℹ) pass (\d+)$/m.exec(output)?.[1])).toBeGreaterThan(30);
});
