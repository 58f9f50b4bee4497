import { describe, expect, test } from "vitest";
import { gate } from "../fixtures/gate.ts";
import { openPaperStage } from "../sockets/paper/stage.ts";
import { type NativeStage, openNativeStage } from "./native-stage.ts";
import { strayErrors } from "./raw-stage.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, place) => String(place));
const own = new Error("An error of the application's own.");

describe("onMessage", () => {
  test("receives texts as strings and bytes as bytes, with the socket and its session", async () => {
    const seen: unknown[] = [];
    await using stage = await openNativeStage(
      {},
      {
        onMessage(socket, message, session) {
          seen.push(message);
          socket.send(session.id);
        },
      },
    );
    const { client, session } = await stage.connect(await stage.create());
    client.send("Zoë");
    client.socket.send(Buffer.from([0, 255]));
    await expect.poll(() => client.messages).toEqual([session.id, session.id]);
    expect(seen).toEqual(["Zoë", Buffer.from([0, 255])]);
  });

  test("receives messages in order, each once the one before has been handled", async () => {
    const log: string[] = [];
    await using stage = await openNativeStage(
      {},
      {
        async onMessage(_, message, session) {
          log.push(`${message} begins`);
          await session.change((draft) => draft.set("last", String(message)));
          log.push(`${message} ends`);
        },
      },
    );
    const { client } = await stage.connect(await stage.create());
    for (const text of numbers(20)) client.send(text);
    await expect.poll(() => log.length).toBe(40);
    expect(log).toEqual(numbers(20).flatMap((text) => [`${text} begins`, `${text} ends`]));
  });

  test("receives earlier messages after an async onConnection has finished", async () => {
    const log: string[] = [];
    const { opened, open } = gate<void>();
    await using stage = await openNativeStage(
      {},
      {
        async onConnection() {
          await opened;
          log.push("connected");
        },
        onMessage: (_, message) => log.push(String(message)),
      },
    );
    const { client } = await stage.connect(await stage.create());
    for (const text of ["1", "2"]) client.send(text);
    client.socket.ping();
    await new Promise((resolve) => client.socket.once("pong", resolve));
    expect(log).toEqual([]);
    open();
    await expect.poll(() => log).toEqual(["connected", "1", "2"]);
  });

  test("receives the messages sent before the client closed the socket", async () => {
    const log: string[] = [];
    const { opened, open } = gate<void>();
    await using stage = await openNativeStage(
      {},
      {
        async onMessage(_, message) {
          await opened;
          log.push(String(message));
        },
      },
    );
    const { client } = await stage.connect(await stage.create());
    for (const text of ["1", "2"]) client.send(text);
    client.socket.close();
    await expect.poll(() => stage.sockets.size).toBe(0);
    open();
    await expect.poll(() => log).toEqual(["1", "2"]);
  });

  test("makes a client wait that sends faster than it works, and loses nothing", async () => {
    const seen: string[] = [];
    const { opened, open } = gate<void>();
    await using stage = await openNativeStage(
      {},
      {
        async onMessage(_, message) {
          await opened;
          seen.push(String(message));
        },
      },
    );
    const { client, socket } = await stage.connect(await stage.create());
    for (const text of numbers(1000)) client.send(text);
    await expect.poll(() => socket.isPaused).toBe(true);
    open();
    await expect.poll(() => seen.length).toBe(1000);
    expect(seen).toEqual(numbers(1000));
    expect(socket.isPaused).toBe(false);
  });

  test("closes a client with 4429 that sends faster than it works, if it cannot be made to wait", async () => {
    const { opened, open } = gate<void>();
    let count = 0;
    const onMessage = () => {
      count += 1;
      return opened;
    };
    await using stage = openPaperStage({ onMessage });
    const { port, socket } = await stage.connect(await stage.signIn(), { pauses: false });
    for (const text of numbers(64)) socket.received(text);
    expect(port.closing).toBeUndefined();
    socket.received("one too many");
    expect(port.closing?.code).toBe(4429);
    open();
    await stage.clock.advance(1000);
    expect(count).toBe(1); // what waited is dropped
  });
});

describe("a limit of messages per minute", () => {
  test("closes a socket that sends more at once, with 4429, and drops the surplus", async () => {
    const seen: unknown[] = [];
    await using stage = openPaperStage({ maxMessagesPerMinute: 30, onMessage: (_, message) => seen.push(message) });
    const { port, socket } = await stage.connect(await stage.signIn());
    for (const text of numbers(30)) socket.received(text);
    await stage.clock.advance(0);
    expect(port.closing).toBeUndefined();
    socket.received("one too many");
    expect(port.closing?.code).toBe(4429);
    expect(socket.signal.reason).toMatchObject({ code: "closed" });
    port.terminate();
    await stage.clock.advance(1000);
    expect(seen).toEqual(numbers(30));
    expect(stage.events.at(-1)).toMatchObject({ type: "closed", code: 4429, session: expect.any(String) });
  });

  test("is restored by time, and no further than that", async () => {
    await using stage = openPaperStage({ maxMessagesPerMinute: 30, heartbeatSeconds: Infinity });
    const { port, socket } = await stage.connect(await stage.signIn());
    for (let second = 0; second < 120; second += 2) {
      socket.received("x");
      await stage.clock.advance(2000);
    }
    await stage.clock.advance(600_000);
    for (const text of numbers(30)) socket.received(text);
    await stage.clock.advance(2000);
    socket.received("earned meanwhile");
    expect(port.closing).toBeUndefined();
    socket.received("one too many");
    expect(port.closing?.code).toBe(4429);
  });

  test("applies to each socket, and counts no pings", async () => {
    await using stage = openPaperStage({ maxMessagesPerMinute: 1 });
    const session = await stage.signIn();
    const [one, other] = [await stage.connect(session), await stage.connect(session)];
    for (const { socket } of [one, other]) {
      socket.received("x");
      for (let count = 0; count < 10; count += 1) socket.heard();
    }
    expect([one.port.closing, other.port.closing]).toEqual([undefined, undefined]);
  });
});

describe("an error in onMessage is reported, and ends neither the process nor the socket:", () => {
  const failures: readonly (readonly [string, () => unknown])[] = [
    [
      "one that is thrown",
      () => {
        throw own;
      },
    ],
    ["one that is rejected", () => Promise.reject(own)],
  ];

  test.each(failures)("%s", async (_, fail) => {
    const seen: string[] = [];
    await using stage = await openNativeStage(
      {},
      { onMessage: (_, message) => (seen.push(String(message)) === 1 ? fail() : undefined) },
    );
    const { client } = await stage.connect(await stage.create());
    const errors = await strayErrors(async () => {
      for (const text of ["1", "2"]) client.send(text);
      await expect.poll(() => seen).toEqual(["1", "2"]);
    });
    expect(errors).toEqual([]);
    expect(stage.events.filter(({ type }) => type === "failed")).toMatchObject([{ error: own }]);
    expect(client.isOpen).toBe(true);
  });

  test("an outage of the store, which is reported once", async () => {
    const stage: NativeStage = await openNativeStage(
      {},
      {
        async onMessage(socket, message, session) {
          await session.change((draft) => draft.set("said", String(message)));
          socket.send("stored");
        },
      },
    );
    await using _ = stage;
    const { client } = await stage.connect(await stage.create());
    stage.handler.trouble = "failing";
    const errors = await strayErrors(async () => {
      client.send("1");
      await expect.poll(() => stage.events.map(({ type }) => type)).toEqual(["opened", "failed"]);
      stage.handler.trouble = "none";
      client.send("2");
      await expect.poll(() => client.messages).toEqual(["stored"]);
    });
    expect(errors).toEqual([]);
    expect(stage.events).toHaveLength(2);
    expect(client.isOpen).toBe(true);
  });
});

describe("a session that ends", () => {
  test("in another process closes the socket whose message finds it gone, and drops the messages behind that", async () => {
    const seen: string[] = [];
    const stage: NativeStage = await openNativeStage(
      {},
      {
        async onMessage(_, message, session) {
          seen.push(String(message));
          // By the manager, of which the socket does not hear.
          await stage.sessions.update(session.id, (draft) => draft.set("said", String(message)));
        },
      },
    );
    await using _ = stage;
    const created = await stage.create();
    const { client } = await stage.connect(created);
    await stage.elsewhere().destroy(created.id);
    const errors = await strayErrors(async () => {
      for (const text of ["1", "2", "3"]) client.send(text);
      expect((await client.closed).code).toBe(1008);
    });
    expect(errors).toEqual([]);
    expect(seen).toEqual(["1"]);
  });

  test("while a message is handled drops the waiting ones", async () => {
    const seen: string[] = [];
    const { opened, open } = gate<void>();
    await using stage = await openNativeStage(
      {},
      {
        async onMessage(_, message) {
          seen.push(String(message));
          await opened;
        },
      },
    );
    const created = await stage.create();
    const { client } = await stage.connect(created);
    for (const text of ["1", "2", "3"]) client.send(text);
    await expect.poll(() => seen).toEqual(["1"]);
    await stage.sessions.destroy(created.id);
    open();
    expect((await client.closed).code).toBe(1008);
    expect(seen).toEqual(["1"]);
  });
});
