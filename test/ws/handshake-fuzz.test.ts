import fc from "fast-check";
import type { Session } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { expect, test } from "vitest";
import type { RawData, WebSocket } from "ws";
import { type Attempt, attempts, type Cookies, statusOf } from "./fuzz-handshake.ts";
import { type MoodyHandler, withMood } from "./fuzz-store.ts";
import { type NativeStage, openNativeStage } from "./native-stage.ts";
import { frame, openRawClient, type RawClient } from "./raw-client.ts";
import { expectNothingLeft, strayErrors } from "./raw-stage.ts";

const documented = [400, 401, 403, 503];

interface Scene {
  readonly stage: NativeStage;
  readonly handler: MoodyHandler;
  readonly url: string;
  readonly cookies: Cookies;
  /** Those that are there. */
  readonly sessions: readonly Session[];
  /** What the application has heard on all sockets. */
  readonly heard: string[];
}

function bytesOf({ lines, early }: Attempt): Buffer {
  const head = `GET / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
  const rest = typeof early === "string" ? [Buffer.from(early)] : early.map((text) => frame(text));
  return Buffer.concat([Buffer.from(head), ...rest]);
}

async function send(client: RawClient, attempt: Attempt): Promise<void> {
  let rest = bytesOf(attempt).subarray(0, attempt.cutAfter);
  for (const size of attempt.packets) {
    client.socket.write(rest.subarray(0, size));
    rest = rest.subarray(size);
    await new Promise((resolve) => setImmediate(resolve));
  }
  client.socket.write(rest);
  if (attempt.cutAfter === undefined) return;
  if (attempt.isReset) client.socket.resetAndDestroy();
  else client.socket.end();
}

function openings({ events }: NativeStage): number {
  return events.filter(({ type }) => type === "opened").length;
}

/** The answer. While the store is waited for, time passes; signatures are checked in real time. */
async function answered(client: RawClient, { stage, handler }: Scene): Promise<number | undefined> {
  let isOver = false;
  const status = client.status().finally(() => {
    isOver = true;
  });
  while (!isOver) {
    if (handler.waiting > 0) await stage.clock.advance(100);
    else await new Promise((resolve) => setImmediate(resolve));
  }
  return status;
}

async function check(scene: Scene, attempt: Attempt): Promise<void> {
  const { stage, handler, cookies, heard, sessions } = scene;
  for (const { id } of sessions) expect(await stage.sessions.open(id)).toBeDefined(); // which keeps them alive
  await stage.clock.advance(1000); // for so long, a session manager keeps what it has seen
  heard.length = 0;
  const opened = openings(stage);
  handler.mood = attempt.mood;
  const client = await openRawClient(scene.url);
  await send(client, attempt);
  const status = await answered(client, scene);
  const right = statusOf(attempt, cookies);
  if (attempt.cutAfter === undefined) expect(status).toBe(right);
  else expect([undefined, right, ...documented]).toContain(status);
  handler.mood = "none";
  const { early } = attempt;
  if (status === 101 && attempt.cutAfter === undefined && typeof early !== "string") {
    await expect.poll(() => heard, { interval: 1 }).toEqual(early);
  }
  if (right !== 101) expect(openings(stage)).toBe(opened);
  client.socket.destroy();
  await expectNothingLeft(stage);
}

async function openScene(): Promise<Scene & AsyncDisposable> {
  const handler: MoodyHandler = withMood(createMemoryHandler(), () => stage.clock);
  const stage: NativeStage = await openNativeStage({
    handler,
    cookie: { secrets: ["32 random bytes, made by a program"] },
  });
  const [session, other, over] = [await stage.create(), await stage.create(), await stage.create()];
  const cookieOf = async (of: Session) => (await stage.address(of)).cookie;
  const cookies = { good: await cookieOf(session), planted: await cookieOf(other), ended: await cookieOf(over) };
  await over.destroy();
  const heard: string[] = [];
  stage.wss.on("connection", async (socket: WebSocket) => {
    await new Promise((resolve) => setImmediate(resolve));
    socket.on("message", (data: RawData) => heard.push(String(data)));
  });
  return {
    stage,
    handler,
    url: (await stage.address(session)).url,
    cookies,
    sessions: [session, other],
    heard,
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

test("a random handshake opens a socket if all of it is correct, and leaves nothing behind", async () => {
  await using scene = await openScene();
  const errors = await strayErrors(() =>
    fc.assert(
      fc.asyncProperty(attempts(scene.cookies), (attempt) => check(scene, attempt)),
      { numRuns: 1000 },
    ),
  );
  expect(errors).toEqual([]);
  expect(openings(scene.stage)).toBeGreaterThan(20); // or it would have been about refusals only
}, 60_000);
