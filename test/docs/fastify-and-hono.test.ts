import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/fastify-and-hono.md");

/** Where a program listens, when it does, and how it ends. */
const ways: { readonly [name: string]: { readonly port: string; readonly end: string } } = {
  "fastify.ts": { port: "app.addresses()[0]?.port", end: "await app.close();" },
  "hono.ts": {
    port: '(await once(server, "listening"), (server.address() as import("node:net").AddressInfo).port)',
    end: "await sockets.close(); server.close(); await sessions.close();",
  },
};

const visit = `
const first = await fetch(url);
const cookie = first.headers.getSetCookie()[0]?.split(";")[0] ?? "";
console.log(await first.text());
const chat = (headers: object) => new WebSocket(url.replace("http", "ws") + "chat", { headers });
const origin = "http://localhost:3000";
for (const headers of [{ origin }, { cookie, origin: "http://evil.example" }]) {
  console.log((await once(chat(headers), "error"))[0].message);
}
const socket = chat({ cookie, origin });
await once(socket, "open");
socket.send("Zoë");
console.log(String((await once(socket, "message"))[0]));
console.log(await (await fetch(url, { headers: { cookie } })).text());
const closed = once(socket, "close");
await fetch(url + "sign-out", { method: "POST", headers: { cookie } });
const [code] = await closed;
console.log(code, sockets.size);
const reset = connect(Number(new URL(url).port), "127.0.0.1");
reset.write("GET /chat HTTP/1.1\\r\\nHost: a\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n");
setImmediate(() => reset.resetAndDestroy());
await once(reset, "close");
console.log((await once(chat({ cookie, origin }), "error"))[0].message);`;

describe.each(programs)("$name", ({ name, text }) => {
  test("shows over HTTP a value set by a socket, refuses clients without a session, and closes the socket at the sign-out", async () => {
    const { port = "", end = "" } = ways[name] ?? {};
    const started = text.replace("port: 3000", 'port: 0, host: "127.0.0.1", hostname: "127.0.0.1"');
    const program = [
      'import { once } from "node:events";',
      'import { connect } from "node:net";',
      'import { WebSocket } from "ws";',
      started,
      `const url = \`http://127.0.0.1:\${${port}}/\`;`,
      visit,
      end,
    ].join("\n");
    await using folder = await writePrograms([{ name: "program.ts", text: program }]);
    expect(await runProgram(join(folder.path, "program.ts"))).toBe(
      [
        "Hello, stranger.",
        "Unexpected server response: 401",
        "Unexpected server response: 403",
        "Now you are Zoë.",
        "Hello, Zoë.",
        "1008 0",
        "Unexpected server response: 401",
        "",
      ].join("\n"),
    );
  });
});
