import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createSessionManager } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { attachSessions } from "sessionwire/ws";
import { describe, expect, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { openNativeStage } from "./native-stage.ts";
import { frame, handshake, type RawClient } from "./raw-client.ts";
import { withClient } from "./raw-stage.ts";
import { allowedOrigins } from "./stage.ts";

/** The limits that docs/sockets.md names. */
const limits = { maxPayload: 16_384, maxFragments: 64, maxBufferedChunks: 1024 };
const opening = 0x01;
const continuation = 0x00;

test("the tested limits are those of docs/sockets.md and of the chat", () => {
  const written = "const limits = { maxPayload: 16_384, maxFragments: 64, maxBufferedChunks: 1024 };";
  for (const file of ["docs/sockets.md", "examples/chat/server.ts"]) {
    expect(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")).toContain(written);
  }
});

describe("within the limits of docs/sockets.md, a message", () => {
  test.each<readonly [string, (client: RawClient) => Promise<void>, number]>([
    ["is said to be longer than maxPayload", async ({ socket }) => void socket.write(header(16_385)), 1009],
    ["comes in more parts than maxFragments", sendFragments, 1008],
    ["comes in more pieces than maxBufferedChunks", sendBytewise, 1008],
  ])("that %s is given up, and its client is reported", (_, send, code) =>
    withClient(
      async (client, stage, Cookie) => {
        client.socket.write(handshake({ Cookie }));
        await client.status();
        await send(client);
        await client.ended;
        await expect.poll(() => stage.events.map(({ type }) => type)).toEqual(["opened", "failed", "closed"]);
        expect(client.received.includes(String.fromCharCode(code >> 8, code & 255))).toBe(true);
      },
      () => openNativeStage({}, {}, limits),
    ),
  );

  test("that keeps all of them is received", () =>
    withClient(
      async (client, stage, Cookie) => {
        const lengths: number[] = [];
        stage.wss.on("connection", (socket) => socket.on("message", (data: Buffer) => lengths.push(data.length)));
        client.socket.write(handshake({ Cookie }));
        await client.status();
        client.socket.write(Buffer.concat([header(16_384), Buffer.alloc(16_384, "a")]));
        client.socket.write(Buffer.concat([frame("a", opening), ...fragments(62), frame("a", 0x80)]));
        await expect.poll(() => lengths).toEqual([16_384, 64]);
      },
      () => openNativeStage({}, {}, limits),
    ));
});

/** The beginning of a masked frame with a text of that length. */
function header(length: number): Buffer {
  return Buffer.from([0x81, 0x80 | 126, length >> 8, length & 255, 0, 0, 0, 0]);
}

function fragments(count: number): Buffer[] {
  return Array.from({ length: count }, () => frame("a", continuation));
}

async function sendFragments({ socket }: RawClient): Promise<void> {
  socket.write(Buffer.concat([frame("a", opening), ...fragments(64)]));
}

/** Each byte is read alone, as the next one is sent only when the server has had its turn. */
async function sendBytewise({ socket }: RawClient): Promise<void> {
  socket.write(header(16_384));
  for (let sent = 0; sent < 16_000 && !socket.destroyed; sent += 1) {
    socket.write("a");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a server of sockets without a limit of the message size causes a warning, and one with a limit does not", async () => {
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const codes: unknown[] = [];
  await using sessions = createSessionManager({ handler: createMemoryHandler() });
  for (const options of [{}, { maxPayload: 0 }, { maxPayload: 2 ** 30 }, limits]) {
    const wss = new WebSocketServer({ noServer: true, ...options });
    await attachSessions(createServer(), wss, { sessions, allowedOrigins }).close();
    codes.push(warned.mock.calls.splice(0).map(([, given]) => given));
  }
  warned.mockRestore();
  const code = "SESSIONWIRE_NO_MAX_PAYLOAD";
  expect(codes).toEqual([[{ code }], [{ code }], [{ code }], []]);
});
