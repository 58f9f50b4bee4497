// @module-tag real-time

import { isSessionError, withConnectionCheck } from "sessionwire";
import { createMemcachedHandler, type MemcachedSource } from "sessionwire/memcached";
import { describe, expect, test } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { everythingIn, failuresOf } from "../laws/secrets.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, create, textOf } from "../redis/session-data.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { openBareMemjs } from "./bare-memjs.ts";
import { startReplyCutter } from "./reply-cutter.ts";

expectNoEscapes();

const id = "id-to-be-kept-secret 'quoted\" \r\n";
const data = "data-to-be-kept-secret";
const password = "password-to-be-kept-secret";
const version = await realVersion();
/** A version begins with a digest of the data, by which it could be recognised. */
const secrets = new RegExp(`to-be-kept-secret|${String(version).slice(0, 40)}`);

test("a bare client shows the password when it is printed", () => {
  using bare = openBareMemjs("127.0.0.1:1", { username: "user", password });
  expect(everythingIn(bare)).toMatch(secrets);
});

describe("no error carries an id, data or a password (law 35):", () => {
  test("out of memory", async () => {
    await using server = await startMemcached({ args: ["-M", "-m", "2"] });
    await using handler = createMemcachedHandler(server.address);
    for (;;)
      if (
        await create(handler, "x".repeat(20))
          .catch(() => "full")
          .then((made) => made === "full")
      )
        break;
    const failures = await failuresOf(handler, id, data, version);
    expect(failures.map((error) => isSessionError(error) && error.code)).toContain("overloaded");
    for (const error of failures) expect(everythingIn(error)).not.toMatch(secrets);
  });

  test("nobody there", async () => {
    await expectFailuresWithoutSecrets(`memcached://user:${password}@127.0.0.1:1`, "unavailable");
    await expectFailuresWithoutSecrets(`memcached://user:${password}@host.invalid`, "unavailable", "timeout"); // as fast as the network knows
  });

  test("a server that does not answer", async () => {
    await using server = await startMemcached();
    server.freeze();
    await expectFailuresWithoutSecrets(`memcached://user:${password}@${server.address}`, "timeout");
  });

  test("a server that compares no tokens", async () => {
    await using server = await startMemcached({ args: ["-C"] });
    await expectFailuresWithoutSecrets(server.address, "failed");
  });

  test("a connection that is lost", async () => {
    await using server = await startMemcached();
    await using proxy = await startProxy(server);
    proxy.newConnections = "refuse";
    await expectFailuresWithoutSecrets(`127.0.0.1:${proxy.port}`, "unavailable");
  });

  test("replies that are lost", async () => {
    await using server = await startMemcached();
    await using cutter = await startReplyCutter(server);
    await using handler = createMemcachedHandler(`127.0.0.1:${cutter.port}`);
    await handler.ping();
    cutter.cutAfter(5);
    const failing = failuresOf(handler, id, data, version);
    while (!cutter.isHolding) await new Promise((resolve) => setImmediate(resolve));
    cutter.reset();
    const failures = await failing;
    expect(failures).toHaveLength(7);
    for (const error of failures) expect(everythingIn(error)).not.toMatch(secrets);
  });

  test("data that is too large", async () => {
    await using server = await startMemcached();
    await using handler = createMemcachedHandler(server.address);
    const large = Buffer.alloc(1_048_576, data);
    const error = await handler.write(id, large, { replaces: undefined, ttlSeconds: 60 }).catch((reason) => reason);
    expect(error).toMatchObject({ code: "too_large" });
    expect(everythingIn(error)).not.toMatch(secrets);
  });
});

test("neither a handler nor what decorates it shows a password when it is printed", () => {
  const handler = createMemcachedHandler(`memcached://user:${password}@127.0.0.1:1`);
  expect(everythingIn(handler)).not.toMatch(secrets);
  expect(everythingIn(withConnectionCheck(handler))).not.toMatch(secrets);
});

async function expectFailuresWithoutSecrets(source: MemcachedSource, ...codes: string[]): Promise<void> {
  await using handler = createMemcachedHandler(source, { timeoutMs: 300 });
  await using checked = withConnectionCheck(createMemcachedHandler(source, { timeoutMs: 300 }), {
    everySeconds: 0,
    pingTimeoutMs: 100,
    reconnectTimeoutMs: 100,
  });
  const failures = await failuresOf(handler, id, data, version);
  expect(failures).not.toEqual([]);
  for (const error of failures) expect(codes).toContain(isSessionError(error) && error.code);
  for (const error of [...failures, ...(await failuresOf(checked, id, data, version))]) {
    expect(everythingIn(error)).not.toMatch(secrets);
  }
}

async function realVersion() {
  await using server = await startMemcached();
  await using handler = createMemcachedHandler(server.address);
  const result = await handler.write(id, bytes(data), { replaces: undefined, ttlSeconds: 60 });
  expect(textOf(await handler.read(id))).toBe(data);
  return result.written ? result.version : undefined;
}
