// @module-tag real-time

import { readFileSync, writeFileSync } from "node:fs";
import { createSessionManager, systemClock, withConnectionCheck, withObserver } from "sessionwire";
import { createOtelObserver } from "sessionwire/otel";
import { createRedisHandler } from "sessionwire/redis";
import { expect, test } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { startRedis } from "../servers/redis-server.ts";
import { drawingOf, treeOf } from "./picture.ts";
import { startTelemetry } from "./telemetry.ts";

expectNoEscapes();

const picture = new URL("../../docs/silent-connection.svg", import.meta.url);

test("a request through a connection that was silently dropped is a ping that fails, a reconnection and a read, as docs/observing.md shows (law 136)", async () => {
  const { providers, moments, points, within } = startTelemetry();
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  let idleMs = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + idleMs };
  const observer = createOtelObserver({ system: "redis", ...providers });
  const handler = withConnectionCheck(withObserver(createRedisHandler(proxy.url), observer), {
    ...{ everySeconds: 20, pingTimeoutMs: 200, clock },
  });
  await using sessions = createSessionManager<{ items: number }>({ handler });
  const session = await sessions.create();
  session.set("items", 3);
  await session.save();

  moments.length = 0;
  proxy.silence();
  idleMs = 20_000;
  const items = await within("GET /cart", async () => (await sessions.open(session.id))?.get("items"));

  expect(items).toBe(3);
  expect(treeOf(moments)).toBe(
    ["GET /cart", "  connection.ping: timeout", "  connection.reconnect: done", "  session.read: done"].join("\n"),
  );
  const drawing = drawingOf("A request through a connection that was silently dropped", moments);
  if (process.env.TABLES === "write") writeFileSync(picture, drawing);
  expect(readFileSync(picture, "utf8")).toBe(drawing);
  const counted = (await points("db.client.operation.duration")).map(([attributes]) => attributes);
  expect(counted).toMatchObject([
    { "db.operation.name": "session.write", "sessionwire.result": "done" },
    { "db.operation.name": "connection.ping", "sessionwire.result": "failed", "error.type": "timeout" },
    { "db.operation.name": "connection.reconnect", "sessionwire.result": "done" },
    { "db.operation.name": "session.read", "sessionwire.result": "done" },
  ]);
});
