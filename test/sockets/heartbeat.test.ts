import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { openNativeStage } from "../ws/native-stage.ts";
import { openPaperStage } from "./paper/stage.ts";

const seconds = 1000;

/** A stage with one socket. */
async function openPair(...options: Parameters<typeof openPaperStage>) {
  const stage = openPaperStage(...options);
  return Object.assign(stage, await stage.connect(await stage.signIn()));
}

describe("a silent peer", () => {
  test("gets a ping after half a minute, and another one half a minute after its answer", async () => {
    await using pair = await openPair();
    await pair.clock.advance(29 * seconds);
    expect(pair.port.pings).toBe(0);
    await pair.clock.advance(2 * seconds);
    expect(pair.port.pings).toBe(1);
    pair.socket.heard();
    await pair.clock.advance(29 * seconds);
    expect(pair.port.pings).toBe(1);
    await pair.clock.advance(2 * seconds);
    expect(pair.port.pings).toBe(2);
  });

  test("is dropped when it stays silent for as long again, and reported with 4408", async () => {
    await using pair = await openPair();
    const { signal } = pair.socket;
    await pair.clock.advance(59 * seconds);
    expect(pair.port.isCutOff).toBe(false);
    await pair.clock.advance(3 * seconds);
    expect(pair.port).toMatchObject({ pings: 1, isCutOff: true, closing: { code: 4408 } });
    expect(signal.reason).toMatchObject({ code: "closed" });
    expect(pair.server.size).toBe(0);
    expect(pair.events.map((event) => ("code" in event ? event.code : event.type))).toEqual(["opened", 4408]);
    await pair.clock.advance(2 * seconds); // for so long, a session manager keeps what it has seen
    expect(pair.clock.pending).toBe(0);
  });

  test("is notified after the configured number of seconds", async () => {
    await using pair = await openPair({ heartbeatSeconds: 5 });
    await pair.clock.advance(5.2 * seconds);
    expect(pair.port.pings).toBe(1);
    await pair.clock.advance(5.2 * seconds);
    expect(pair.port.isCutOff).toBe(true);
  });

  test("is left alone if the application wants no heartbeat", async () => {
    await using pair = await openPair({ heartbeatSeconds: Infinity });
    await pair.clock.advance(3600 * seconds);
    expect(pair.port).toMatchObject({ pings: 0, isCutOff: false });
  });

  test("is left to a library that sends its own pings", async () => {
    const stage = openPaperStage();
    await using _ = stage;
    const { port } = await stage.connect(await stage.signIn(), { pings: false });
    await stage.clock.advance(600 * seconds);
    expect(port.isCutOff).toBe(false);
  });
});

describe("a peer is not dropped", () => {
  test("while it sends messages, and gets no pings then", async () => {
    await using pair = await openPair();
    for (let count = 0; count < 20; count += 1) {
      await pair.clock.advance(20 * seconds);
      pair.socket.received("x");
    }
    expect(pair.port).toMatchObject({ pings: 0, isCutOff: false });
  });

  test("during a long message, behind which its answer waits", async () => {
    await using pair = await openPair();
    for (let count = 0; count < 20; count += 1) {
      await pair.clock.advance(20 * seconds);
      pair.port.bytes += 1000;
    }
    expect(pair.port.isCutOff).toBe(false);
    await pair.clock.advance(100 * seconds);
    expect(pair.port.isCutOff).toBe(true);
  });

  test("while nobody reads its messages", async () => {
    await using pair = await openPair();
    pair.port.isReading = false;
    await pair.clock.advance(600 * seconds);
    expect(pair.port.isCutOff).toBe(false);
    pair.port.isReading = true;
    await pair.clock.advance(65 * seconds);
    expect(pair.port.isCutOff).toBe(true);
  });

  test("if its answer came while the process stood still (law 38)", async () => {
    await using pair = await openPair();
    await pair.clock.advance(45 * seconds);
    const { clock, socket } = pair;
    // Timers come first after a standstill, and what has arrived comes right behind them.
    clock.schedule(() => clock.schedule(() => socket.heard(), 0), 15 * seconds);
    await clock.advance(16 * seconds);
    expect(pair.port.isCutOff).toBe(false);
  });
});

test("pings are spread over the half minute, and one timer serves them all", async () => {
  await using stage = openPaperStage();
  const session = await stage.signIn();
  const ports = [];
  for (let count = 0; count < 60; count += 1) {
    ports.push((await stage.connect(session)).port);
    await stage.clock.advance(0.5 * seconds);
  }
  expect(stage.clock.pending).toBeLessThan(5);
  const counts: number[] = [];
  for (let count = 0; count < 30; count += 1) {
    const before = ports.filter(({ pings }) => pings > 0).length;
    await stage.clock.advance(seconds);
    counts.push(ports.filter(({ pings }) => pings > 0).length - before);
  }
  expect(Math.max(...counts)).toBeLessThanOrEqual(4);
  expect(ports.every(({ pings }) => pings === 1)).toBe(true);
});

describe("on ws", () => {
  test("a client that answers stays, and one that has vanished is dropped", async () => {
    await using stage = await openNativeStage({}, { heartbeatSeconds: 30 });
    const [first, second] = [await stage.connect(await stage.create()), await stage.connect(await stage.create())];
    second.client.socket.pause(); // and with it the answers to pings
    const closed = once(second.socket, "close");
    for (let count = 0; count < 4; count += 1) {
      const pong = once(first.socket, "pong");
      await stage.clock.advance(31 * seconds);
      await pong;
    }
    await closed;
    expect(first.client.isOpen).toBe(true);
    expect(stage.sockets.size).toBe(1);
    expect(stage.events).toContainEqual(expect.objectContaining({ type: "closed", code: 4408 }));
  });
});
