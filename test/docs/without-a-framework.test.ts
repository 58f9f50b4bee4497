import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/without-a-framework.md");

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

test("the program of the page counts visits, and tells a socket of them", async () => {
  const program = (programs[0]?.text ?? "").replace("listen(3000)", 'listen(0, "127.0.0.1")');
  await using folder = await writePrograms([{ name: "program.ts", text: `${program}${visitor}` }]);
  expect(await runProgram(join(folder.path, "program.ts"))).toBe("Visit 1\nVisit 2\n2 visits\n");
});
