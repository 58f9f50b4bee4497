import type { SessionChannel, SessionChannelListener } from "sessionwire";
import { SessionError } from "sessionwire";
import { createMemoryChannel } from "sessionwire/memory";
import { describe, expect, test, vi } from "vitest";
import { openNativeStage } from "./native-stage.ts";

const ended = { code: 1008, reason: "The session has ended." };

/** A channel of which the test says what is heard. */
function openScriptedChannel(): SessionChannel & { readonly listener: SessionChannelListener } {
  let listener: SessionChannelListener | undefined;
  return {
    get listener() {
      if (listener === undefined) throw new Error("Nobody listens.");
      return listener;
    },
    publish() {},
    subscribe(given) {
      listener = given;
      return () => {};
    },
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

describe("a report of another process over a channel", () => {
  test("closes the sockets of a session that it has ended, and of no other, without any time passing", async () => {
    await using stage = await openNativeStage({ channel: createMemoryChannel() });
    const [created, other] = [await stage.create(), await stage.create()];
    const { client } = await stage.connect(created);
    const { client: stranger } = await stage.connect(other);
    await stage.elsewhere().destroy(created.id);
    expect(await client.closed).toEqual(ended);
    expect(stage.events).toContainEqual(expect.objectContaining({ type: "ended", reason: "gone", sockets: 1 }));
    expect(stranger.isOpen).toBe(true);
  });

  test("closes the sockets of a session that it has given another id, so that their page connects again", async () => {
    await using stage = await openNativeStage({ channel: createMemoryChannel() });
    const created = await stage.create();
    const { client, session } = await stage.connect(created);
    const there = await stage.elsewhere().open(created.id);
    await there?.regenerate();
    expect((await client.closed).code).toBe(4301);
    expect(session.signal.reason).toMatchObject({ code: "gone" });
    expect(stage.events).toContainEqual(expect.objectContaining({ type: "ended", reason: "moved" }));
  });

  test("causes checks without notifying subscribers of the manager: no client has come", async () => {
    await using stage = await openNativeStage({ channel: createMemoryChannel() });
    const [moved, gone] = [await stage.create(), await stage.create()];
    const refused: unknown[] = [];
    stage.sessions.subscribe((event) => event.type === "refused" && refused.push(event));
    const [one, other] = [await stage.connect(moved), await stage.connect(gone)];
    await (await stage.elsewhere().open(moved.id))?.regenerate();
    await stage.elsewhere().destroy(gone.id);
    expect((await one.client.closed).code).toBe(4301);
    expect(await other.client.closed).toEqual(ended);
    await expect(other.session.open()).rejects.toMatchObject({ code: "gone" });
    expect(refused).toEqual([]);
  });

  test("reaches sockets that were opened under the new id of their session in this process", async () => {
    await using stage = await openNativeStage({ channel: createMemoryChannel() });
    const [created, first] = [await stage.create(), await stage.create()];
    // The hashes are made when something is heard for the first time.
    const { client: gone } = await stage.connect(first);
    await stage.elsewhere().destroy(first.id);
    await gone.closed;
    const { client } = await stage.connect(created);
    await created.regenerate();
    expect(client.isOpen).toBe(true);
    await stage.elsewhere().destroy(created.id);
    expect(await client.closed).toEqual(ended);
  });

  test("is verified once: a session that exists stays", async () => {
    const channel = createMemoryChannel();
    await using stage = await openNativeStage({ channel });
    const created = await stage.create();
    const { client } = await stage.connect(created);
    const keyHash = stage.sessions.hashOf(await stage.sessions.format.keyOf(created.id));
    const before = stage.handler.calls;
    channel.publish({ type: "ended", keyHash, from: "stranger" });
    channel.publish({ type: "ended", keyHash: "A".repeat(43), from: "stranger" });
    channel.publish({ type: "regenerated", keyHash, previousKeyHash: "A".repeat(43), from: "stranger" });
    await stage.clock.advance(100);
    expect(stage.handler.calls - before).toBe(1);
    expect(client.isOpen).toBe(true);
    channel.publish({ type: "regenerated", keyHash: "A".repeat(43), previousKeyHash: keyHash, from: "stranger" });
    await stage.clock.advance(61_000);
    expect(client.isOpen).toBe(true);
    await stage.sessions.destroy(created.id);
    expect(await client.closed).toEqual(ended);
  });

  test("refuses a handshake that is under way", async () => {
    await using stage = await openNativeStage({ channel: createMemoryChannel() });
    const created = await stage.create();
    const elsewhere = stage.elsewhere();
    stage.handler.onRead = () => {
      stage.handler.onRead = () => {};
      elsewhere.destroy(created.id);
    };
    const [client] = await Promise.allSettled([stage.connect(created)]);
    if (client.status === "fulfilled") expect(await client.value.client.closed).toEqual(ended);
    await expect.poll(() => stage.sockets.size).toBe(0);
  });
});

describe("a gap in the messages", () => {
  test("has all sessions checked once, spread over a second", async () => {
    const channel = openScriptedChannel();
    await using stage = await openNativeStage({ channel });
    const sessions = await Promise.all(Array.from({ length: 50 }, () => stage.create()));
    const pairs = [];
    for (const session of sessions) pairs.push(await stage.connect(session));
    const lost = sessions[49];
    await stage.elsewhere().destroy(lost?.id ?? "");
    const before = stage.handler.calls;
    channel.listener.onGap();
    await stage.clock.advance(50);
    expect(stage.handler.calls - before).toBe(5);
    await stage.clock.advance(1000);
    expect(stage.handler.calls - before).toBe(50);
    expect(await pairs[49]?.client.closed).toEqual(ended);
    expect(stage.sockets.size).toBe(49);
  });

  test("during checks has them repeated once", async () => {
    const channel = openScriptedChannel();
    await using stage = await openNativeStage({ channel });
    for (let count = 0; count < 20; count += 1) await stage.connect(await stage.create());
    const before = stage.handler.calls;
    for (let count = 0; count < 5; count += 1) channel.listener.onGap();
    await stage.clock.advance(3000);
    expect(stage.handler.calls - before).toBe(40);
  });

  test("leaves no timer behind if the sockets are closed in the meantime", async () => {
    const channel = openScriptedChannel();
    await using stage = await openNativeStage({ channel });
    for (let count = 0; count < 20; count += 1) await stage.connect(await stage.create());
    channel.listener.onGap();
    await stage.sockets.close();
    await stage.clock.advance(50);
    expect(stage.clock.pending).toBeLessThanOrEqual(1); // that of the session manager, for what it has just seen
  });
});

test("a channel that does not work is reported, and closes nothing", async () => {
  const channel = openScriptedChannel();
  await using stage = await openNativeStage({ channel });
  const { client } = await stage.connect(await stage.create());
  const error = new SessionError("unavailable", "The channel is deaf.");
  channel.listener.onError(error);
  expect(stage.events.at(-1)).toMatchObject({ type: "failed", session: undefined, error });
  expect(client.isOpen).toBe(true);
});

test("without a channel, no session is hashed", async () => {
  await using stage = await openNativeStage();
  const hashOf = vi.spyOn(stage.sessions, "hashOf");
  const created = await stage.create();
  const { client } = await stage.connect(created);
  await stage.sessions.destroy(created.id);
  await client.closed;
  expect(hashOf).not.toHaveBeenCalled();
});

test("an id that a session has given up in another process is distinguished from one that never existed", async () => {
  await using stage = await openNativeStage({ channel: createMemoryChannel() });
  const [created, over] = [await stage.create(), await stage.create()];
  const there = await stage.elsewhere().open(created.id);
  await there?.regenerate();
  await over.destroy();
  expect((await stage.refuse(created)).status).toBe(401);
  expect((await stage.refuse(over)).status).toBe(401);
  expect(stage.events.map((event) => "reason" in event && event.reason)).toEqual(["old-id", "no-session"]);
});
