import { inspect } from "node:util";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { createSessionManager, SessionError, withConnectionCheck, withObserver, withTimeout } from "sessionwire";
import { createOtelObserver } from "sessionwire/otel";
import { createReferenceHandler, createScriptedHandler, createVirtualClock, rejects } from "sessionwire/testing";
import { expect, test } from "vitest";
import { bytes } from "../redis/session-data.ts";
import { startTelemetry } from "./telemetry.ts";

const create = { replaces: undefined, ttlSeconds: 60 };

function setUp(options: Partial<Parameters<typeof createOtelObserver>[0]> = {}) {
  const telemetry = startTelemetry();
  const inner = createScriptedHandler(createReferenceHandler());
  const observer = createOtelObserver({ system: "redis", ...telemetry.providers, ...options });
  return { ...telemetry, inner, observer, handler: withObserver(inner, observer) };
}

test("a call is a span of a database client below the active span, with the attributes of the semantic conventions", async () => {
  const { handler, spans, within } = setUp();
  await within("GET /cart", () => handler.read("a"));
  const [read, request] = spans();
  expect(read).toMatchObject({
    name: "session.read",
    kind: SpanKind.CLIENT,
    status: { code: SpanStatusCode.UNSET },
    parentSpanContext: { spanId: request?.spanContext().spanId },
    attributes: { "db.system.name": "redis", "db.operation.name": "session.read", "sessionwire.result": "absent" },
    instrumentationScope: { name: "sessionwire" },
  });
});

test("a failed call is a failed span, with the code of the error and the outcome", async () => {
  const { handler, inner, spans } = setUp();
  const failure = new SessionError("overloaded", "Too much.", { outcome: "not-applied" });
  inner.next("write", () => Promise.reject(failure));
  await rejects(handler.write("a", bytes("x"), create), "overloaded", "not-applied");
  const [write] = spans();
  expect(write?.status).toEqual({ code: SpanStatusCode.ERROR, message: "Too much." });
  expect(write?.attributes).toMatchObject({
    ...{ "error.type": "overloaded", "sessionwire.result": "failed", "sessionwire.outcome": "not-applied" },
  });
});

test("a call that a deadline has cancelled is a timeout, and one that its caller has given up is aborted", async () => {
  const { inner, observer, spans } = setUp();
  const clock = createVirtualClock();
  const hang = { read: (_: string, options?: { signal?: AbortSignal | undefined }) => untilAborted(options?.signal) };
  const handler = withTimeout(withObserver({ ...inner, ...hang }, observer), { timeoutMs: 500, clock });
  const late = rejects(handler.read("a"), "timeout");
  await clock.advance(500);
  await late;
  await rejects(handler.read("a", { signal: AbortSignal.abort() }), "aborted");
  const leaving = new AbortController();
  const left = rejects(handler.read("a", { signal: leaving.signal }), "aborted");
  leaving.abort();
  await left;
  expect(spans().map(({ attributes }) => attributes["error.type"])).toEqual(["timeout", "aborted"]);
});

test("what the client does is below the span of the call", async () => {
  const { inner, observer, spans, within } = setUp();
  const client = { ...inner, read: () => within("GET", async () => undefined) };
  await withObserver(client, observer).read("a");
  const [get, read] = spans();
  expect([get?.name, read?.name]).toEqual(["GET", "session.read"]);
  expect(get?.parentSpanContext?.spanId).toBe(read?.spanContext().spanId);
});

test("the calls of a manager are spans, and so are the pings of a connection check", async () => {
  const { handler, spans } = setUp();
  const sessions = createSessionManager({ handler: withConnectionCheck(handler, { everySeconds: 0 }) });
  const session = await sessions.create();
  session.set("name", "somebody");
  await session.save();
  await sessions.open(session.id);
  const calls = ["connection.ping", "session.write", "connection.ping", "session.read"];
  expect(spans().map(({ name }) => name)).toEqual(calls);
});

test("the server is an attribute, and part of the name", async () => {
  const attributes = { "server.address": "redis.internal", "server.port": 6380 };
  const { handler, spans } = setUp({ attributes });
  await handler.read("a");
  expect(spans()[0]).toMatchObject({ name: "session.read redis.internal:6380", attributes });
  const { handler: other, spans: others } = setUp({ attributes: { "server.address": "redis.internal" } });
  await other.read("a");
  expect(others()[0]?.name).toBe("session.read redis.internal");
});

test("a span names its session by a hash, and only on request", async () => {
  const unnamed = setUp();
  await unnamed.handler.read("SECRET-ID");
  expect(unnamed.spans()[0]?.attributes).not.toHaveProperty("sessionwire.session");
  const { handler, inner, spans } = setUp({ namesSessions: true });
  await handler.read("SECRET-ID");
  inner.next("read", () => Promise.reject(new Error("SECRET-ID is locked")));
  await rejects(handler.read("SECRET-ID"), "failed");
  const sessions = createSessionManager({ handler });
  expect(spans()[0]?.attributes["sessionwire.session"]).toBe(sessions.hashOf("SECRET-ID"));
  expect(inspect([unnamed.spans(), spans()], { depth: 6 })).not.toContain("SECRET-ID");
});

test("options that cannot be used are refused", () => {
  for (const wrong of [{}, { system: "" }, { system: 1 }, { system: "redis", tracer: 1 }, undefined] as never[]) {
    expect(() => createOtelObserver(wrong)).toThrow(TypeError);
  }
});

test("without an SDK, calls pass all the same", async () => {
  const handler = withObserver(createReferenceHandler(), createOtelObserver({ system: "memory" }));
  expect(await handler.read("a")).toBeUndefined();
});

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => {
      reject(new SessionError("aborted", "The call was cancelled.", { cause: signal.reason }));
    });
  });
}
