import { createSessionManager } from "sessionwire";
import { describe, expect, test } from "vitest";
import { openNativeStage } from "../ws/native-stage.ts";
import { openPaperStage } from "./paper/stage.ts";

const seconds = 1000;

describe("if a session has its maximum number of sockets", () => {
  test("the longest silent one gives way to a new one, if it does not answer", async () => {
    await using stage = openPaperStage({ maxSocketsPerSession: 3 });
    const session = await stage.signIn();
    const ports = [];
    for (let count = 0; count < 3; count += 1) {
      ports.push((await stage.connect(session)).port);
      await stage.clock.advance(2 * seconds);
    }
    const status = stage.status(session);
    await stage.clock.advance(2.5 * seconds);
    expect(await status).toBe(101);
    expect(ports.map(({ isCutOff }) => isCutOff)).toEqual([true, false, false]);
    expect(ports[0]?.closing?.code).toBe(4408);
    expect(stage.server.size).toBe(3);
  });

  test("a new one is refused with 429 as soon as all have answered", async () => {
    await using stage = openPaperStage({ maxSocketsPerSession: 2 });
    const session = await stage.signIn();
    for (let count = 0; count < 2; count += 1) expect(await stage.status(session)).toBe(101);
    await stage.clock.advance(10 * seconds);
    expect(await stage.status(session)).toBe(429);
    await stage.clock.advance(2 * seconds);
  });

  test("peers that were heard within the last second are not asked", async () => {
    await using stage = openPaperStage({ maxSocketsPerSession: 1 });
    const session = await stage.signIn();
    const { port } = await stage.connect(session);
    expect(await stage.status(session)).toBe(429);
    expect(port.pings).toBe(0);
  });

  test("many simultaneous newcomers cause one search, and get as many places as are free", async () => {
    await using stage = openPaperStage({ maxSocketsPerSession: 4 });
    const session = await stage.signIn();
    const pairs = [];
    for (let count = 0; count < 4; count += 1) pairs.push(await stage.connect(session));
    const [first, second, ...others] = pairs;
    for (const { port, socket } of others) {
      port.ping = () => {
        port.pings += 1;
        socket.heard();
      };
    }
    await stage.clock.advance(5 * seconds);
    const statuses = Promise.all(Array.from({ length: 10 }, () => stage.status(session)));
    await stage.clock.advance(4.5 * seconds);
    expect((await statuses).sort()).toEqual([101, 101, ...Array(8).fill(429)]);
    expect([first?.port.isCutOff, second?.port.isCutOff]).toEqual([true, true]);
    expect(others.every(({ port }) => !port.isCutOff && port.pings <= 3)).toBe(true);
    expect(stage.server.size).toBe(4);
  });

  test("sockets that their library cannot ping count as present", async () => {
    await using stage = openPaperStage({ maxSocketsPerSession: 1 });
    const session = await stage.signIn();
    await stage.connect(session, { pings: false });
    await stage.clock.advance(60 * seconds);
    expect(await stage.status(session)).toBe(429);
  });

  test("on ws, vanished phones lock nobody out, and present tabs stay", async () => {
    await using stage = await openNativeStage({}, { maxSocketsPerSession: 3 });
    const session = await stage.create();
    const vanished = [await stage.connect(session), await stage.connect(session)];
    const tab = await stage.connect(session);
    for (const { client } of vanished) client.socket.pause();
    let pinged = false;
    tab.client.socket.on("ping", () => {
      pinged = true;
    });
    await stage.clock.advance(5 * seconds);
    const next = stage.connect(session);
    await expect.poll(() => pinged).toBe(true);
    await stage.clock.advance(2.5 * seconds);
    expect((await next).client.isOpen).toBe(true);
    expect(tab.client.isOpen).toBe(true);
    expect(stage.sockets.size).toBe(3);
  });
});

describe("if users have a limit", () => {
  const options = { maxSocketsPerUser: 2 };
  const users = { idOf: (session: { get(name: string): unknown }) => session.get("user") };

  test("it applies to all sessions of a user, and to each user alone", async () => {
    await using stage = openPaperStage(options, { users });
    const [phone, laptop, other] = [await stage.signIn(), await stage.signIn(), await stage.signIn("Bob")];
    expect(await stage.status(phone)).toBe(101);
    const { port } = await stage.connect(laptop);
    expect(await stage.status(phone)).toBe(429);
    expect(stage.events.at(-1)).toMatchObject({ type: "refused", reason: "too-many" });
    expect(await stage.status(other)).toBe(101);
    port.terminate();
    expect(await stage.status(phone)).toBe(101);
  });

  test("simultaneous newcomers do not take places from each other, and a cancelled one gives its place back", async () => {
    await using stage = openPaperStage(options, { users });
    const sessions = await Promise.all([stage.signIn(), stage.signIn(), stage.signIn()]);
    const statuses = await Promise.all(sessions.map((session) => stage.status(session)));
    expect(statuses.sort()).toEqual([101, 101, 429]);
    await stage.clock.advance(10 * seconds);
    expect(stage.server.size).toBe(2);
  });

  test("a handshake that is not followed by a socket gives its place back", async () => {
    await using stage = openPaperStage({ maxSocketsPerUser: 1 }, { users });
    const session = await stage.signIn();
    const leaving = new AbortController();
    expect((await stage.decide(session, leaving.signal)).accepted).toBe(true);
    expect((await stage.decide(session)).accepted).toBe(false);
    leaving.abort();
    expect((await stage.decide(session)).accepted).toBe(true);
    expect((await stage.decide(session)).accepted).toBe(false);
    await stage.clock.advance(5 * seconds); // for so long, a handshake may take
    expect(await stage.status(session)).toBe(101);
  });

  test("sessions without a user have none, and a function that throws refuses the handshake with 500", async () => {
    const idOf = (session: { get(name: string): unknown }) => {
      if (session.get("user") === "Eve") throw new Error("There is no such user.");
      return undefined;
    };
    await using stage = openPaperStage({ maxSocketsPerUser: 1 }, { users: { idOf } });
    const session = await stage.signIn();
    expect([await stage.status(session), await stage.status(session)]).toEqual([101, 101]);
    const { handler } = stage.sessions;
    const eve = await createSessionManager({ handler, clock: stage.clock }).create(); // by who tells no users apart
    eve.set("user", "Eve");
    await eve.save();
    expect(await stage.status(eve)).toBe(500);
  });
});
