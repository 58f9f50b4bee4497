import assert from "node:assert/strict";
import { SessionError, type SessionEvent, type SessionManager, type SessionMessage } from "sessionwire";
import { rejects } from "../law.ts";
import { opened } from "./actions.ts";
import { connectedProcesses, createChannelStandIn } from "./channel-stand-in.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** A sentence that no message may contain. */
const DATA = "a secret for nobody else";

/** Maximum time in ms until the end of a key is reported. */
const MOMENT_MS = 200;

/** Changes to sessions in one process are reported in the others. */
export const eventElsewhereLaws: readonly SessionLaw[] = [
  inEveryFormat(121, "creations, moves and ends are reported elsewhere, by the hash of the key", async (fixture) => {
    const [here, there] = connectedProcesses(fixture);
    const [heardHere, heardThere] = [heardFrom(here), heardFrom(there)];
    const session = await here.create();
    session.set("a", 1);
    await session.save();
    const first = there.hashOf(await there.format.keyOf(session.id));
    await session.regenerate();
    const second = there.hashOf(await there.format.keyOf(session.id));
    await here.destroy(session.id);
    const origin = "elsewhere";
    assert.deepEqual(heardThere, [
      { type: "created", origin, keyHash: first },
      { type: "regenerated", origin, keyHash: second, previousKeyHash: first },
      { type: "ended", origin, keyHash: second },
    ]);
    assert.deepEqual(
      heardHere.map(({ type, origin }) => ({ type, origin })),
      ["created", "regenerated", "ended"].map((type) => ({ type, origin: "here" })),
    );
  }),
  inEveryFormat(121, "ends by id and successors are reported elsewhere", async (fixture) => {
    const [here, there] = connectedProcesses(fixture);
    const ids = [await stored(here), await stored(here)] as const;
    const successor = here.format.createId();
    const heard = heardFrom(there);
    await here.destroy(ids[0]);
    await here.destroy(ids[1], { successor });
    const [first, second, third] = await Promise.all(
      [...ids, successor].map(async (id) => here.hashOf(await here.format.keyOf(id))),
    );
    assert.deepEqual(heard, [
      { type: "ended", origin: "elsewhere", keyHash: first },
      { type: "regenerated", origin: "elsewhere", keyHash: third, previousKeyHash: second },
    ]);
  }),
  inEveryFormat(121, "a session that was merely found to be gone is not reported to others", async (fixture) => {
    const channel = createChannelStandIn();
    const sessions = fixture.process({ channel });
    const id = await stored(sessions);
    const session = await opened(sessions, id);
    await fixture.others.destroy(id);
    const { length } = channel.published;
    session.set("a", 2);
    await rejects(session.save(), "gone", "not-applied");
    assert.equal(channel.published.length, length);
  }),
  inEveryFormat(121, "ended keys, gaps and failures of a channel are events from elsewhere", async (fixture) => {
    const channel = createChannelStandIn();
    const sessions = fixture.process({ channel });
    const heard = heardFrom(sessions);
    const error = new SessionError("unavailable", "No.");
    for (const listener of channel.listeners) {
      listener.onKeyEnded("a key");
      listener.onGap();
      listener.onError(error);
    }
    await fixture.clock.advance(MOMENT_MS);
    const origin = "elsewhere";
    assert.deepEqual(heard, [
      { type: "gap", origin },
      { type: "failed", origin, error },
      { type: "ended", origin, keyHash: sessions.hashOf("a key") },
    ]);
  }),
  inEveryFormat(121, "a message says more than the mere end of a key, whichever arrives first", async (fixture) => {
    const channel = createChannelStandIn();
    const sessions = fixture.process({ channel });
    const session = await opened(sessions, await stored(sessions));
    const heard = heardFrom(sessions);
    const endKey = async (key: string) => {
      for (const listener of channel.listeners) listener.onKeyEnded(key);
    };
    const first = await sessions.format.keyOf(session.id);
    await endKey(first); // the store may be faster than the answer to the caller that moves the session
    await session.regenerate();
    await endKey(first);
    const second = await sessions.format.keyOf(session.id);
    await endKey(second);
    const message = { type: "ended", keyHash: sessions.hashOf(second), from: "a" } as const;
    for (const listener of channel.listeners) listener.onMessage(message);
    await fixture.clock.advance(MOMENT_MS);
    assert.deepEqual(
      heard.map(({ type, origin }) => `${type} ${origin}`),
      ["regenerated here", "ended elsewhere"],
    );
    await fixture.clock.advance(10_000);
    await endKey(first);
    await fixture.clock.advance(MOMENT_MS);
    assert.equal(heard.length, 3);
  }),
  inEveryFormat(
    121,
    "channels are subscribed to while there are listeners, each receives every message, and all are closed with the manager",
    async (fixture) => {
      const channels = [createChannelStandIn(), createChannelStandIn()];
      const sessions = fixture.process({ channel: channels });
      const listening = () => channels.map(({ listeners }) => listeners.size);
      assert.deepEqual(listening(), [0, 0]);
      const ends = [sessions.subscribe(() => {}), sessions.subscribe(() => {})];
      assert.deepEqual(listening(), [1, 1]);
      ends[0]?.();
      ends[0]?.();
      assert.deepEqual(listening(), [1, 1]);
      ends[1]?.();
      assert.deepEqual(listening(), [0, 0]);
      sessions.subscribe(() => {});
      assert.deepEqual(listening(), [1, 1]);
      await stored(sessions);
      assert.deepEqual(
        channels.map(({ published }) => published.length),
        [1, 1],
      );
      await sessions.close();
      assert.deepEqual(
        channels.map(({ closes }) => closes),
        [1, 1],
      );
    },
  ),
  inEveryFormat(120, "anything but a message that a channel delivers is ignored", async (fixture) => {
    const channel = createChannelStandIn();
    const sessions = fixture.process({ channel });
    const heard = heardFrom(sessions);
    const keyHash = sessions.hashOf("a key");
    const messages: unknown[] = [
      undefined,
      null,
      "ended",
      {},
      { type: "ended", keyHash },
      { type: "gap", keyHash, from: "a" },
    ];
    messages.push({ type: "ended", keyHash: "short", from: "a" }, { type: "regenerated", keyHash, from: "a" });
    for (const listener of channel.listeners) {
      for (const message of messages) listener.onMessage(message as SessionMessage);
    }
    assert.deepEqual(heard, []);
    for (const listener of channel.listeners) listener.onMessage({ type: "ended", keyHash, from: "a" });
    assert.equal(heard.length, 1);
  }),
  inEveryFormat(
    122,
    "a message contains neither id nor key nor data, and a secret changes every name",
    async (fixture) => {
      const names = new Set<string>();
      for (const secret of [undefined, "a secret", new TextEncoder().encode("another secret"), "a".repeat(65)]) {
        const channel = createChannelStandIn({ secret });
        const sessions = fixture.process({ channel });
        const session = await sessions.create();
        session.set("a", DATA);
        await session.save();
        const ids = [session.id];
        await session.regenerate();
        ids.push(session.id);
        await sessions.destroy(session.id);
        const said = JSON.stringify(channel.published);
        const keys = await Promise.all(ids.map((id) => sessions.format.keyOf(id)));
        for (const hidden of [...ids, ...keys, DATA]) assert.ok(!said.includes(hidden));
        assert.equal(channel.published.length, 3);
        names.add(sessions.hashOf("a key"));
      }
      assert.equal(names.size, 4);
    },
  ),
  inEveryFormat(122, "names are an HMAC-SHA-256 in base64url, with or without a channel", async (fixture) => {
    // RFC 4231, test case 2
    const channel = createChannelStandIn({ secret: "Jefe" });
    const named = fixture.process({ channel }).hashOf("what do ya want for nothing?");
    const hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert.equal(Buffer.from(named, "base64url").toString("hex"), hex);
    assert.equal(named.length, 43);
    assert.equal(
      fixture.sessions.hashOf("a key"),
      fixture.process({ channel: createChannelStandIn() }).hashOf("a key"),
    );
    const different = [createChannelStandIn({ secret: "one" }), createChannelStandIn({ secret: "two" })];
    assert.throws(() => fixture.process({ channel: different }), TypeError);
  }),
  inEveryFormat(123, "no operation fails or waits because of a channel that does", async (fixture) => {
    const fail = () => {
      throw new Error("The channel is broken.");
    };
    const channel = createChannelStandIn({ publish: fail });
    const hanging = createChannelStandIn({ publish: () => new Promise(() => {}) as never });
    const sessions = fixture.process({ channel: [channel, hanging] });
    const id = await stored(sessions);
    const session = await opened(sessions, id);
    await session.regenerate();
    await sessions.destroy(session.id);
    assert.equal(await fixture.others.open(session.id), undefined);
  }),
];

type Heard = SessionEvent extends infer Event ? (Event extends unknown ? Omit<Event, "at"> : never) : never;

function heardFrom(sessions: SessionManager): Heard[] {
  const heard: Heard[] = [];
  sessions.subscribe(({ at, ...event }) => heard.push(event));
  return heard;
}

async function stored(sessions: SessionManager): Promise<string> {
  const session = await sessions.create();
  session.set("a", 1);
  await session.save();
  return session.id;
}
