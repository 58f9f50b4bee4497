import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/socket-io.md");

const visitor = `
import { once } from "node:events";
import { io as openClient } from "socket.io-client";
await once(server, "listening");
const url = \`http://127.0.0.1:\${(server.address() as import("node:net").AddressInfo).port}/\`;
const first = await fetch(url);
const cookie = first.headers.getSetCookie()[0]?.split(";")[0] ?? "";
console.log(await first.text());
const extraHeaders = { cookie, origin: "http://localhost:3000" };
const client = openClient(url, { extraHeaders });
client.on("session_close", ({ code }) => console.log(code));
console.log(await client.emitWithAck("rename", "Zoë"));
console.log(await (await fetch(url, { headers: { cookie } })).text());
const gone = new Promise((resolve) => client.once("disconnect", resolve));
await fetch(url + "sign-out", { method: "POST", headers: { cookie } });
console.log(await gone, client.active);
client.once("connect_error", ({ data }: Error & { data?: unknown }) => {
  console.log(data);
  process.emit("SIGTERM");
});
client.connect();`;

test("the program of the page shows over HTTP a value set by a socket, and disconnects it at the sign-out", async () => {
  const program = programs[0]?.text.replace("server.listen(3000)", 'server.listen(0, "127.0.0.1")') ?? "";
  await using folder = await writePrograms([{ name: "program.ts", text: program + visitor }]);
  expect(await runProgram(join(folder.path, "program.ts"))).toBe(
    [
      "Hello, stranger.",
      "{ ok: true }",
      "Hello, Zoë.",
      "1008",
      "io server disconnect false",
      "{ code: 'no-session', status: 401 }",
      "",
    ].join("\n"),
  );
});
