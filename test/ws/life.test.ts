import { once } from "node:events";
import { expressFormat } from "sessionwire";
import { describe, expect, test } from "vitest";
import { failureOf, isPendingAfter } from "../redis/settling.ts";
import { type Client, connectClient } from "./client.ts";
import { type NativeStage, openNativeStage } from "./native-stage.ts";

const minute = 60_000;
const gone = { code: 1008, reason: "The session has ended." };

/** Sends a message, and waits until the server has seen it. */
async function say(client: Client): Promise<void> {
  client.send("x");
  client.socket.ping();
  await once(client.socket, "pong");
}

/** Lets so many minutes pass, with a message in each. */
async function chat(stage: NativeStage, client: Client, minutes: number): Promise<void> {
  for (let count = 0; count < minutes; count += 1) {
    await say(client);
    await stage.clock.advance(minute);
  }
}

describe("a session with a socket", () => {
  test("is kept alive by messages, once a minute", async () => {
    await using stage = await openNativeStage();
    const { client, session } = await stage.connect(await stage.create());
    await chat(stage, client, 5);
    const before = stage.handler.calls;
    for (let count = 0; count < 100; count += 1) await say(client);
    expect(stage.handler.calls - before).toBeLessThanOrEqual(1);
    await chat(stage, client, 40); // longer than the idle timeout of 30 min
    expect((await session.open()).get("user")).toBe("Ann");
  });

  test("is not kept alive by pings, pongs or messages of the server", async () => {
    await using stage = await openNativeStage();
    const { client, socket } = await stage.connect(await stage.create());
    for (let count = 0; count < 29; count += 1) {
      client.socket.ping();
      socket.send("news");
      socket.ping();
      await once(client.socket, "pong");
      await stage.clock.advance(minute);
    }
    expect(client.isOpen).toBe(true);
    await stage.clock.advance(2 * minute);
    expect(await client.closed).toEqual(gone);
    expect(stage.events).toContainEqual(expect.objectContaining({ type: "ended", reason: "gone", sockets: 1 }));
  });

  test("is not kept alive by checks", async () => {
    await using stage = await openNativeStage();
    const { client, session } = await stage.connect(await stage.create());
    for (let count = 0; count < 30; count += 1) {
      await session.open();
      await stage.clock.advance(minute);
    }
    await stage.clock.advance(minute);
    expect(await client.closed).toEqual(gone);
  });

  test("ends with its lifetime, however busy the socket is", async () => {
    await using stage = await openNativeStage({ idleTimeoutSeconds: 600, lifetimeSeconds: 1200 });
    const { client } = await stage.connect(await stage.create());
    await chat(stage, client, 19);
    expect(client.isOpen).toBe(true);
    await stage.clock.advance(minute + 200);
    expect(await client.closed).toEqual(gone);
  });

  test("stays if another process keeps it alive", async () => {
    await using stage = await openNativeStage();
    const created = await stage.create();
    const { client } = await stage.connect(created);
    for (let count = 0; count < 4; count += 1) {
      await stage.clock.advance(20 * minute);
      expect(await stage.elsewhere().open(created.id)).toBeDefined();
    }
    await stage.clock.advance(29 * minute);
    expect(client.isOpen).toBe(true);
    await stage.clock.advance(2 * minute);
    expect(await client.closed).toEqual(gone);
  });

  test("is checked twice a minute, however many sockets it has", async () => {
    await using stage = await openNativeStage();
    const created = await stage.create();
    for (let count = 0; count < 10; count += 1) await stage.connect(created);
    const before = stage.handler.calls;
    await stage.clock.advance(10 * minute);
    expect(stage.handler.calls - before).toBeLessThanOrEqual(20);
    expect(stage.handler.calls - before).toBeGreaterThanOrEqual(19);
  });

  test("is checked with many others, at most 64 at a time", async () => {
    await using stage = await openNativeStage();
    const sessions = await Promise.all(Array.from({ length: 100 }, () => stage.create()));
    for (const session of sessions) await stage.connect(session);
    stage.handler.trouble = "silent";
    const before = stage.handler.calls;
    await stage.clock.advance(30_000);
    expect(stage.handler.calls - before).toBe(64);
    stage.handler.trouble = "none";
    await expect.poll(() => stage.handler.calls - before).toBeGreaterThanOrEqual(100);
  });

  test("closes its sockets within half a minute when it is ended in another process", async () => {
    await using stage = await openNativeStage();
    const created = await stage.create();
    const { client } = await stage.connect(created);
    await stage.elsewhere().destroy(created.id);
    await stage.clock.advance(30_000);
    expect(await client.closed).toEqual(gone);
  });

  test("closes its sockets at once when its end in another process is reported", async () => {
    await using stage = await openNativeStage();
    const [created, other] = [await stage.create(), await stage.create()];
    const { client } = await stage.connect(created);
    const { client: stranger } = await stage.connect(other);
    await stage.elsewhere().destroy(created.id);
    await stage.sockets.revalidate(await stage.sessions.format.keyOf(created.id));
    expect(await client.closed).toEqual(gone);
    expect(stranger.isOpen).toBe(true);
    await stage.elsewhere().destroy(other.id);
    await stage.sockets.revalidate();
    expect(await stranger.closed).toEqual(gone);
  });

  test("closes its sockets when one of them finds it gone", async () => {
    await using stage = await openNativeStage();
    const created = await stage.create();
    const [first, second] = [await stage.connect(created), await stage.connect(created)];
    await stage.elsewhere().destroy(created.id);
    expect(await failureOf(first.session.open())).toMatchObject({ code: "gone" });
    expect(await second.client.closed).toEqual(gone);
  });

  test("drops a client that does not take part in closing", async () => {
    await using stage = await openNativeStage();
    const created = await stage.create();
    const { client, socket } = await stage.connect(created);
    client.socket.pause();
    await stage.sessions.destroy(created.id);
    expect(await isPendingAfter(50, once(socket, "close"))).toBe(true);
    const closed = once(socket, "close");
    await stage.clock.advance(2000);
    await closed;
    expect(stage.sockets.size).toBe(0);
  });

  test("keeps its sockets when it is given another id in this process, and they follow it", async () => {
    await using stage = await openNativeStage();
    const created = await stage.create();
    const { client, session } = await stage.connect(created);
    for (let count = 0; count < 3; count += 1) {
      await created.regenerate();
      expect(session.id).toBe(created.id);
      await session.change((draft) => draft.update("n", (n) => Number(n ?? 0) + 1));
    }
    expect((await session.open()).get("n")).toBe(3);
    expect(stage.events.filter(({ type }) => type === "moved")).toHaveLength(3);
    await stage.clock.advance(5 * minute);
    expect(client.isOpen).toBe(true);
    await stage.sessions.destroy(created.id);
    expect(await client.closed).toEqual(gone);
  });

  test("keeps its earlier sockets and those opened under its new id", async () => {
    await using stage = await openNativeStage();
    const created = await stage.create();
    const before = await stage.connect(created);
    await created.regenerate({ graceSeconds: 10 });
    const after = await stage.connect(created);
    expect(stage.sockets.socketsOf(created.id)).toHaveLength(2);
    await created.destroy();
    expect(await before.client.closed).toEqual(gone);
    expect(await after.client.closed).toEqual(gone);
  });

  describe.each([
    ["that has moved there", "moved"],
    ["that was there", "other"],
  ] as const)("under one key with another, when the sockets of the one %s are closed", (_, goes) => {
    test.each(["destroy", "look"] as const)("still ends with both kinds: by a %s", async (end) => {
      const cookie = { parse: async (header: string | undefined) => /=([^;]+)/.exec(header ?? "")?.[1] };
      await using stage = await openNativeStage({ format: expressFormat() }, { cookie });
      const [old, successor] = [await stage.create(), await stage.create()];
      const pairs = { moved: await stage.connect(old), other: await stage.connect(successor) };
      await stage.sessions.destroy(old.id, { successor: successor.id });
      expect(stage.sockets.socketsOf(successor.id)).toHaveLength(2);
      const stays = goes === "moved" ? pairs.other : pairs.moved;
      pairs[goes].client.socket.close();
      await expect.poll(() => stage.sockets.size).toBe(1);
      expect(stage.sockets.socketsOf(successor.id)).toEqual([stays.socket]);
      if (end === "destroy") await stage.sessions.destroy(successor.id);
      else {
        await stage.elsewhere().destroy(successor.id);
        await stage.clock.advance(11_000); // until then, what has moved may be about to be stored
        await stage.sockets.revalidate();
      }
      expect(await stays.client.closed).toEqual(gone);
      expect(stage.sockets.size).toBe(0);
    });
  });

  test("is checked under its new id as well", async () => {
    await using stage = await openNativeStage();
    const created = await stage.create();
    const { client } = await stage.connect(created);
    await created.regenerate();
    await stage.elsewhere().destroy(created.id);
    await stage.clock.advance(31_000);
    expect(await client.closed).toEqual(gone);
  });

  test("makes an update that was called before its move under the new id", async () => {
    await using stage = await openNativeStage();
    const created = await stage.create();
    const { session } = await stage.connect(created);
    let update: Promise<string> | undefined;
    stage.handler.onWrite = () => {
      stage.handler.onWrite = () => {};
      update = session.change((draft) => {
        draft.set("n", 1);
        return draft.id;
      });
    };
    await created.regenerate();
    expect(await update).toBe(created.id);
    expect((await session.open()).get("n")).toBe(1);
  });

  test("leaves nothing behind when its sockets are closed", async () => {
    await using stage = await openNativeStage();
    const pairs = [];
    for (let count = 0; count < 5; count += 1) pairs.push(await stage.connect(await stage.create()));
    for (const { client } of pairs) client.socket.close();
    await expect.poll(() => stage.sockets.size).toBe(0);
    await stage.clock.advance(1000); // for so long, a session manager keeps what it has seen
    const before = stage.handler.calls;
    expect(stage.clock.pending).toBe(0);
    await stage.clock.advance(60 * minute);
    expect(stage.handler.calls).toBe(before);
  });

  test("is not checked any more if its last socket was closed during a check", async () => {
    await using stage = await openNativeStage();
    const { client } = await stage.connect(await stage.create());
    stage.handler.trouble = "silent";
    await stage.clock.advance(31_000);
    client.socket.close();
    await expect.poll(() => stage.sockets.size).toBe(0);
    stage.handler.trouble = "none";
    await stage.clock.advance(0);
    expect(stage.clock.pending).toBe(0);
  });

  test("can still be changed by work that goes on when the socket has closed", async () => {
    await using stage = await openNativeStage();
    const { client, session } = await stage.connect(await stage.create());
    client.socket.close();
    await client.closed;
    await expect.poll(() => session.signal.aborted).toBe(true);
    expect(session.signal.reason).toMatchObject({ code: "closed" });
    await session.change((draft) => draft.set("n", 1));
    expect((await session.open()).get("n")).toBe(1);
  });
});

describe("an application's onConnection", () => {
  test("closes the socket with 1013 when it rejects because of the session", async () => {
    const stage: NativeStage = await openNativeStage(
      {},
      {
        async onConnection(_socket, _request, session) {
          stage.handler.trouble = "failing";
          await session.open();
        },
      },
    );
    await using _ = stage;
    const { client, session } = await stage.connect(await stage.create());
    expect((await client.closed).code).toBe(1013);
    expect(session.signal.reason).toMatchObject({ code: "unavailable" });
    expect(stage.events).toContainEqual(expect.objectContaining({ type: "failed" }));
    stage.handler.trouble = "none";
  });
});

describe("a regenerated session of express-session", () => {
  async function openExpressStage(): Promise<NativeStage> {
    const stage: NativeStage = await openNativeStage(
      { format: expressFormat() },
      { cookie: { parse: (header) => stage.sessions.cookie.parse(header) } },
    );
    return stage;
  }

  test("keeps its sockets until it is stored, and their changes wait for that", async () => {
    await using stage = await openExpressStage();
    const created = await stage.create();
    const { client, session } = await stage.connect(created);
    const successor = await stage.sessions.create();
    await stage.sessions.destroy(created.id, { successor: successor.id });
    const update = session.change((draft) => draft.set("n", 1));
    await stage.sockets.revalidate();
    await stage.clock.advance(5000);
    expect(client.isOpen).toBe(true);
    successor.set("user", "Bob");
    await successor.save();
    await update;
    expect((await session.open()).names()).toEqual(["user", "n"]);
    await stage.clock.advance(10_000);
    expect(client.isOpen).toBe(true);
  });

  test("closes its sockets if it is not stored within ten seconds, and nothing waits any longer", async () => {
    await using stage = await openExpressStage();
    const created = await stage.create();
    const { client, session } = await stage.connect(created);
    const { id } = await stage.sessions.create();
    await stage.sessions.destroy(created.id, { successor: id });
    const update = failureOf(session.change((draft) => draft.set("n", 1)));
    await stage.clock.advance(9900);
    expect(client.isOpen).toBe(true);
    await stage.clock.advance(100);
    expect(await client.closed).toEqual(gone);
    expect(await update).toMatchObject({ code: "gone" });
  });
});

describe("an outage of the store", () => {
  test("ends no session, and leaves the sockets open for five minutes", async () => {
    await using stage = await openNativeStage();
    const { client, session } = await stage.connect(await stage.create());
    stage.handler.trouble = "failing";
    await stage.clock.advance(4 * minute);
    expect(await failureOf(session.open())).toMatchObject({ code: "unavailable" });
    expect(await failureOf(session.change((draft) => draft.set("n", 1)))).toMatchObject({ code: "unavailable" });
    expect(client.isOpen).toBe(true);
    stage.handler.trouble = "none";
    await stage.clock.advance(60 * 1000);
    await say(client);
    await stage.clock.advance(20 * minute);
    expect((await session.open()).get("user")).toBe("Ann");
    expect(client.isOpen).toBe(true);
  });

  test.each(["failing", "silent"] as const)(
    "closes sockets with 1013 when it lasts: a store that is %s",
    async (trouble) => {
      await using stage = await openNativeStage();
      const created = await stage.create();
      const { client, session } = await stage.connect(created);
      stage.handler.trouble = trouble;
      await stage.clock.advance(5 * minute + 1000);
      expect((await client.closed).code).toBe(1013);
      expect(session.signal.reason).toMatchObject({ code: "unavailable" });
      stage.handler.trouble = "none";
      expect((await (await stage.connect(created)).session.open()).get("user")).toBe("Ann");
    },
  );

  test("is over for a session that was just changed", async () => {
    await using stage = await openNativeStage();
    const { client, session } = await stage.connect(await stage.create());
    for (let count = 0; count < 3; count += 1) {
      stage.handler.trouble = "failing";
      await stage.clock.advance(4 * minute);
      stage.handler.trouble = "none";
      await session.change((draft) => draft.set("n", count));
    }
    expect(client.isOpen).toBe(true);
  });

  test("does not hide that a session has expired in the meantime", async () => {
    await using stage = await openNativeStage({ idleTimeoutSeconds: 120 });
    const { client } = await stage.connect(await stage.create());
    stage.handler.trouble = "failing";
    await stage.clock.advance(3 * minute);
    expect(client.isOpen).toBe(true); // others may have used it
    stage.handler.trouble = "none";
    await stage.clock.advance(1000);
    expect(await client.closed).toEqual(gone);
  });

  test("allows messages to try again to keep the session alive", async () => {
    await using stage = await openNativeStage();
    const { client, session } = await stage.connect(await stage.create());
    await stage.clock.advance(2 * minute);
    stage.handler.trouble = "failing";
    await say(client);
    await stage.clock.advance(2000);
    stage.handler.trouble = "none";
    await stage.clock.advance(20 * 1000);
    await say(client);
    await stage.clock.advance(29 * minute);
    expect((await session.open()).get("user")).toBe("Ann");
  });
});

describe("a session that ends during a handshake", () => {
  test("opens no socket if it ends in this process after the check", async () => {
    const stage = await openNativeStage(
      {},
      { authorize: async ({ id }) => stage.sessions.destroy(id).then(() => true) },
    );
    await using _ = stage;
    expect((await stage.refuse(await stage.create())).status).toBe(401);
    expect(stage.sockets.size).toBe(0);
  });

  test("opens no socket when it ends in the moment in which it was found", async () => {
    await using stage = await openNativeStage();
    const created = await stage.create();
    let ending: Promise<void> | undefined;
    stage.handler.onRead = () => {
      stage.handler.onRead = () => {};
      ending = stage.sessions.destroy(created.id);
    };
    expect((await stage.refuse(created)).status).toBe(401);
    await ending;
    expect(stage.sockets.size).toBe(0);
  });

  test("closes its socket before the application sees it if it ends while ws decides", async () => {
    let end = async (): Promise<void> => {};
    await using stage = await openNativeStage(
      {},
      {},
      { verifyClient: (_: unknown, decide: (isGood: boolean) => void) => end().then(() => decide(true)) },
    );
    const created = await stage.create();
    end = () => stage.sessions.destroy(created.id);
    let count = 0;
    stage.wss.on("connection", () => {
      count += 1;
    });
    const { cookie, url } = await stage.address(created);
    const client = await connectClient(url, { cookie });
    expect(await client.closed).toEqual(gone);
    expect(count).toBe(0);
    expect(stage.sockets.size).toBe(0);
  });
});
