// @module-tag real-time

import { withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { expect, test } from "vitest";
import { startRedis } from "../servers/redis-server.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes, create } from "./session-data.ts";
import { failureOf } from "./settling.ts";

expectNoEscapes();

test("a server that returns with its data serves every session as it was, at the first call (law 32)", async () => {
  await using server = await startRedis({ args: ["--appendonly", "yes", "--appendfsync", "always"] });
  await using handler = createRedisHandler(server.url, { timeoutMs: 300 });
  await using checked = withConnectionCheck(createRedisHandler(server.url, { timeoutMs: 300 }));
  const { id, version } = await create(handler);
  await checked.read(id);
  await server.kill();
  for (const each of [handler, checked]) {
    await failureOf(each.read(id)); // may be the one that finds out
    expect(await failureOf(each.read(id))).toMatchObject({ code: "unavailable" });
  }
  await server.restart();
  expect(await handler.read(id)).toMatchObject({ data: bytes("first"), version });
  const write = checked.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
  expect(await write).toMatchObject({ written: true });
});
