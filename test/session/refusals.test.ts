import { createSessionManager, type SessionEvent, type SessionManager } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryChannel, createMemoryHandler } from "sessionwire/memory";
import { describe, expect, test } from "vitest";
import { createFixture, given, opened } from "./fixture.ts";
import { subject } from "./subject.ts";

const secrets = ["a secret of thirty-two bytes, at least"];

type Refusal = Extract<SessionEvent, { type: "refused" }>;

function refusalsOf(sessions: SessionManager): Refusal[] {
  const refusals: Refusal[] = [];
  sessions.subscribe((event) => {
    if (event.type === "refused") refusals.push(event);
  });
  return refusals;
}

describe("subscribers hear of a cookie", () => {
  test("that nobody here has signed, and the store does not", async () => {
    const { sessions, handler } = createFixture(subject, "native", { cookie: { secrets } });
    const refusals = refusalsOf(sessions);
    const [cookie = ""] = (await sessions.cookie.serialize(await sessions.create())).split(";");
    const forged = cookie.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    for (const bad of [forged, cookie.slice(0, -44), "__Host-session=", `a=1; __Host-session =${forged}`]) {
      expect(await sessions.cookie.parse(bad)).toBeUndefined();
    }
    expect(refusals.map(({ reason }) => reason)).toEqual(Array(4).fill("bad-cookie"));
    expect(refusals[0]).toEqual({
      type: "refused",
      origin: "here",
      reason: "bad-cookie",
      keyHash: undefined,
      at: expect.any(Number),
    });
    expect(handler.calls).toEqual([]);
  });

  test("beside another one with a different id", async () => {
    const { sessions } = createFixture(subject, "native");
    const refusals = refusalsOf(sessions);
    const cookies = await Promise.all([1, 2].map(async () => sessions.cookie.serialize(await sessions.create())));
    expect(await sessions.cookie.parse(cookies.map((each) => each.split(";")[0]).join("; "))).toBeUndefined();
    expect(refusals).toMatchObject([{ reason: "ambiguous-cookie" }]);
  });

  test("that is valid, absent or foreign: nothing", async () => {
    const { sessions } = createFixture(subject, "native", { cookie: { secrets } });
    const refusals = refusalsOf(sessions);
    const [cookie] = (await sessions.cookie.serialize(await sessions.create())).split(";");
    for (const header of [cookie, undefined, null, "", "other=1", "x__Host-session=1", "__Host-session"]) {
      await sessions.cookie.parse(header);
    }
    await sessions.cookie.parseAll("__Host-session=forged");
    expect(refusals).toEqual([]);
  });
});

describe.each(["native", "express"] as const)("in the %s format, subscribers hear of an id", (formatName) => {
  test("that leads to no session, by the hash of its key and with the time", async () => {
    const { sessions, format, clock } = createFixture(subject, formatName);
    const refusals = refusalsOf(sessions);
    const id = format.createId();
    await clock.advance(1000);
    expect(await sessions.open(id)).toBeUndefined();
    expect(await sessions.open("not an id: \uD800")).toBeUndefined();
    const keyHash = sessions.hashOf(await format.keyOf(id));
    const event = { type: "refused", origin: "here", reason: "no-session", at: clock.now() };
    expect(refusals).toEqual([
      { ...event, keyHash },
      { ...event, keyHash: undefined },
    ]);
    expect(JSON.stringify(refusals)).not.toContain(id);
  });

  test("whose session the store has failed to look up, with the error, and not of a caller that has left", async () => {
    const fixture = createFixture(subject, formatName);
    const refusals = refusalsOf(fixture.sessions);
    const id = await given(fixture, { a: 1 });
    fixture.handler.next("read", () => Promise.reject(new Error("No.")));
    const failure = await fixture.sessions.open(id).catch((error: unknown) => error);
    expect(refusals).toMatchObject([{ reason: "unavailable" }]);
    expect(refusals[0]?.error).toBe(failure);
    await expect(fixture.sessions.open(id, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
    await fixture.sessions.close();
    await expect(fixture.sessions.open(id)).rejects.toMatchObject({ code: "closed" });
    expect(refusals).toHaveLength(1);
  });

  test("whose session continues under another one, here or in another process", async () => {
    const fixture = createFixture(subject, formatName);
    const channel = createMemoryChannel();
    const [here, there] = [fixture.process({ channel }), fixture.process({ channel: channel.another() })];
    const refusals = [refusalsOf(here), refusalsOf(there)];
    const session = await opened(here, await given(fixture, { a: 1 }));
    const { id } = session;
    await session.regenerate();
    await Promise.resolve();
    for (const sessions of [here, there]) expect(await sessions.open(id)).toBeUndefined();
    const keyHash = here.hashOf(await fixture.format.keyOf(id));
    for (const heard of refusals) expect(heard).toMatchObject([{ reason: "old-id", keyHash }]);
    await opened(there, session.id);
  });

  test("only if they want to", async () => {
    const { sessions, format } = createFixture(subject, formatName);
    const refusals = refusalsOf(sessions);
    await sessions.open(format.createId(), { silent: true });
    await sessions.open("not an id: \uD800", { silent: true });
    expect(refusals).toEqual([]);
  });
});

describe.each(["native", "express"] as const)("in the %s format, subscribers hear of a ticket", (formatName) => {
  test("that is invalid, for any reason, and nothing of a valid one", async () => {
    const fixture = createFixture(subject, formatName);
    const { sessions } = fixture;
    const refusals = refusalsOf(sessions);
    const session = await opened(sessions, await given(fixture, { a: 1 }));
    const ticket = await sessions.tickets.issue(session);
    expect(await sessions.tickets.redeem(ticket)).toBeDefined();
    expect(refusals).toEqual([]);
    const ended = await sessions.tickets.issue(session);
    await session.destroy();
    for (const bad of [ticket, ended, "forged"]) expect(await sessions.tickets.redeem(bad)).toBeUndefined();
    const event = { type: "refused", origin: "here", reason: "bad-ticket", keyHash: undefined };
    expect(refusals).toMatchObject([event, event, event]);
    await sessions.tickets.redeem(ticket, { silent: true });
    fixture.handler.next("read", () => Promise.reject(new Error("No.")));
    await expect(sessions.tickets.redeem(ticket)).rejects.toThrow();
    expect(refusals.map(({ reason }) => reason)).toEqual(["bad-ticket", "bad-ticket", "bad-ticket", "unavailable"]);
  });
});

test("an id in its grace period is never refused, and is an old one after that", async () => {
  const fixture = createFixture(subject, "native");
  const refusals = refusalsOf(fixture.sessions);
  const session = await opened(fixture.sessions, await given(fixture, { a: 1 }));
  const { id } = session;
  await session.regenerate({ graceSeconds: 10 });
  await opened(fixture.sessions, id);
  expect(refusals).toEqual([]);
  await fixture.clock.advance(10_001);
  expect(await fixture.sessions.open(id)).toBeUndefined();
  expect(refusals).toMatchObject([{ reason: "old-id" }]);
});

test("a page of express-session with the previous cookie is reported", async () => {
  await using sessions = createSessionManager({
    handler: createMemoryHandler(),
    format: subject.expressFormat(),
  });
  const refusals = refusalsOf(sessions);
  const store = createExpressStore(sessions);
  const [id, successor] = [sessions.format.createId(), sessions.format.createId()];
  await new Promise((resolve) => store.set(id, { cookie: {} } as never, resolve));
  await sessions.destroy(id, { successor });
  await new Promise((resolve) => store.get(id, resolve));
  expect(refusals).toMatchObject([{ reason: "old-id" }]);
});
