import type { Histogram } from "@opentelemetry/sdk-metrics";
import { createSessionManager, SessionError, withObserver } from "sessionwire";
import { createOtelObserver } from "sessionwire/otel";
import type { SessionSocketEvent } from "sessionwire/sockets";
import { createReferenceHandler, createScriptedHandler, rejects } from "sessionwire/testing";
import { expect, test, vi } from "vitest";
import { bytes } from "../redis/session-data.ts";
import { startTelemetry } from "./telemetry.ts";

const create = { replaces: undefined, ttlSeconds: 60 };

test("durations are counted by operation and ending, in the buckets that the semantic conventions advise", async () => {
  const { providers, points } = startTelemetry();
  const inner = createScriptedHandler(createReferenceHandler());
  const attributes = { "server.address": "redis.internal" };
  const handler = withObserver(inner, createOtelObserver({ system: "redis", attributes, ...providers }));
  await handler.write("a", bytes("x"), create);
  await handler.write("a", bytes("x"), create);
  await handler.write("a", bytes("x"), create);
  inner.next("write", () => Promise.reject(new SessionError("unavailable", "No connection.")));
  await rejects(handler.write("a", bytes("x"), create), "unavailable");
  await handler.ping();
  const durations = await points<Histogram>("db.client.operation.duration");
  const common = { "db.system.name": "redis", ...attributes };
  const writing = { ...common, "db.operation.name": "session.write" };
  expect(durations.map(([point, { count }]) => [point, count])).toEqual([
    [{ ...writing, "sessionwire.result": "done" }, 1],
    [{ ...writing, "sessionwire.result": "conflict" }, 2],
    [{ ...writing, "sessionwire.result": "failed", "error.type": "unavailable" }, 1],
    [{ ...common, "db.operation.name": "connection.ping", "sessionwire.result": "done" }, 1],
  ]);
  for (const [, { buckets }] of durations) {
    expect(buckets.boundaries).toEqual([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]);
  }
});

test("durations are in seconds", async () => {
  const { providers, points } = startTelemetry();
  const inner = createScriptedHandler(createReferenceHandler());
  let now = 1000;
  const time = vi.spyOn(performance, "now").mockImplementation(() => now);
  inner.next("read", async () => {
    now += 2500;
    return undefined;
  });
  await withObserver(inner, createOtelObserver({ system: "redis", ...providers })).read("a");
  time.mockRestore();
  const [[, { sum }] = expect.fail("There is no duration.")] = await points<Histogram>("db.client.operation.duration");
  expect(sum).toBe(2.5);
});

test("open sockets and their sessions are counted, also of one that gets another id", async () => {
  const { providers, points } = startTelemetry();
  const { onSocketEvent } = createOtelObserver({ system: "redis", ...providers });
  const tell = (event: Without<SessionSocketEvent, "at">) => onSocketEvent({ at: 0, ...event } as SessionSocketEvent);
  const counts = async () => {
    const names = ["sessionwire.socket.count", "sessionwire.live_session.count"];
    return (await Promise.all(names.map((name) => points(name)))).flat().map(([, value]) => value);
  };
  for (const session of ["one", "one", "other"]) tell({ type: "opened", session });
  expect(await counts()).toEqual([3, 2]);
  tell({ type: "moved", session: "another", previousSession: "one" });
  tell({ type: "closed", session: "another", code: 1000 });
  expect(await counts()).toEqual([2, 2]);
  tell({ type: "ended", session: "another", reason: "destroyed", sockets: 1 });
  tell({ type: "closed", session: "another", code: 1008 });
  tell({ type: "closed", session: "other", code: 1000 });
  expect(await counts()).toEqual([0, 0]);
});

test("events on sockets are counted by their type and reason, and name no session", async () => {
  const { providers, points } = startTelemetry();
  const { onSocketEvent } = createOtelObserver({ system: "redis", ...providers });
  const session = "a hash";
  onSocketEvent({ type: "refused", reason: "origin", status: 403, at: 0 });
  onSocketEvent({ type: "opened", session, at: 0 });
  onSocketEvent({ type: "failed", session, error: new SessionError("timeout", "No answer."), at: 0 });
  onSocketEvent({ type: "failed", session, error: new Error("a violation"), at: 0 });
  onSocketEvent({ type: "ended", session, reason: "gone", sockets: 1, at: 0 });
  onSocketEvent({ type: "closed", session, code: 1008, at: 0 });
  expect(await points("sessionwire.socket.events")).toEqual([
    [{ "sessionwire.event.type": "refused", "sessionwire.event.reason": "origin" }, 1],
    [{ "sessionwire.event.type": "opened" }, 1],
    [{ "sessionwire.event.type": "failed", "error.type": "timeout" }, 1],
    [{ "sessionwire.event.type": "failed", "error.type": "_OTHER" }, 1],
    [{ "sessionwire.event.type": "ended", "sessionwire.event.reason": "gone" }, 1],
    [{ "sessionwire.event.type": "closed", "sessionwire.close_code": 1008 }, 1],
  ]);
});

test("events on sessions are counted by their type, place and reason, until it is told to stop", async () => {
  const { providers, points } = startTelemetry();
  const handler = createScriptedHandler(createReferenceHandler());
  const sessions = createSessionManager({ handler });
  const stop = createOtelObserver({ system: "redis", ...providers }).observe(sessions);
  const session = await sessions.create();
  session.set("a", 1);
  await session.save();
  await session.regenerate();
  handler.next("read", () => Promise.reject(new SessionError("timeout", "No answer.")));
  await rejects(sessions.open(session.id), "timeout");
  await session.destroy();
  await sessions.open(session.id);
  stop();
  await sessions.open(session.id);
  const here = { "sessionwire.event.origin": "here" };
  const refused = { ...here, "sessionwire.event.type": "refused" };
  expect(await points("sessionwire.session.events")).toEqual([
    [{ ...here, "sessionwire.event.type": "created" }, 1],
    [{ ...here, "sessionwire.event.type": "regenerated" }, 1],
    [{ ...refused, "sessionwire.event.reason": "unavailable", "error.type": "timeout" }, 1],
    [{ ...here, "sessionwire.event.type": "ended", "sessionwire.event.reason": "destroyed" }, 1],
    [{ ...refused, "sessionwire.event.reason": "no-session" }, 1],
  ]);
});

test("writes are counted, with the changes that share them and the conflicts before them", async () => {
  const { providers, points } = startTelemetry();
  const handler = createReferenceHandler();
  const [sessions, others] = [createSessionManager({ handler }), createSessionManager({ handler })];
  createOtelObserver({ system: "redis", ...providers }).observe(sessions);
  const session = await sessions.create();
  session.set("a", 1);
  await session.save();
  await others.update(session.id, (draft) => draft.set("b", 1));
  const changes = ["c", "d", "e"].map((name) => sessions.update(session.id, (draft) => draft.set(name, 1)));
  await Promise.all(changes);
  const names = ["writes", "changes", "conflicts"].map((name) => `sessionwire.session.${name}`);
  const counted = await Promise.all(names.map((name) => points(name)));
  expect(counted.flat().map(([, value]) => value)).toEqual([2, 4, 1]);
});

type Without<Event, Name extends string> = Event extends unknown ? Omit<Event, Name> : never;
