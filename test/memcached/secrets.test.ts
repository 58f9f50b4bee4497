// @module-tag real-time

import { createMemcachedHandler } from "sessionwire/memcached";
import { describe, expect, test, vi } from "vitest";
import {
  expectNoSecrets,
  expectSecrecy,
  secretData,
  secretFailuresOf,
  secretId,
  secretPassword,
  secretsIn,
} from "../conformance/secrets.ts";
import { startProxy } from "../faults/proxy.ts";
import { everythingIn } from "../laws/secrets.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { create } from "../redis/session-data.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { openBareMemjs } from "./bare-memjs.ts";
import { startReplyCutter } from "./reply-cutter.ts";
import { addressOf, openScene } from "./scene.ts";

expectNoEscapes();

const { server, handler: direct } = await openScene();
const secrets = await secretsIn(direct);

test("a bare client reveals the password when it is printed", () => {
  using bare = openBareMemjs("127.0.0.1:1", { username: "user", password: secretPassword });
  expect(everythingIn(bare)).toMatch(secrets.pattern);
});

describe("no error carries an id, data or a password (law 35):", () => {
  test("out of memory", async () => {
    await using full = await startMemcached({ args: ["-M", "-m", "2"] });
    await using handler = createMemcachedHandler(full.address);
    const isFull = () =>
      create(handler, "x".repeat(20)).then(
        () => false,
        () => true,
      );
    while (!(await isFull()));
    const failures = await secretFailuresOf(handler, secrets);
    expect(failures).toContainEqual(expect.objectContaining({ code: "overloaded" }));
    expectNoSecrets(failures, secrets);
  });

  test("an unknown host", () =>
    // as fast as the network knows
    expectSecrecyFrom(`memcached://user:${secretPassword}@host.invalid`, "unavailable", "timeout"));

  test("a server that does not compare tokens", async () => {
    await using own = await startMemcached({ args: ["-C"] });
    await expectSecrecyFrom(own.address, "failed");
  });

  test("a connection that is lost as soon as it is made", async () => {
    await using proxy = await startProxy(server);
    proxy.newConnections = "refuse";
    await expectSecrecyFrom(addressOf(proxy), "unavailable");
  });

  test("replies that are cut in the middle", async () => {
    await using cutter = await startReplyCutter(server);
    await using handler = createMemcachedHandler(addressOf(cutter));
    await handler.ping();
    cutter.cutAfter(5);
    const failing = secretFailuresOf(handler, secrets);
    await vi.waitUntil(() => cutter.isHolding);
    cutter.reset();
    expect(await failing).toHaveLength(7);
    expectNoSecrets(await failing, secrets);
  });

  test("oversized data", async () => {
    const large = Buffer.alloc(1_048_576, secretData);
    const write = direct.write(secretId, large, { replaces: undefined, ttlSeconds: 60 });
    const error = await write.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "too-large" });
    expectNoSecrets([error], secrets);
  });
});

function expectSecrecyFrom(source: string, ...codes: string[]): Promise<void> {
  return expectSecrecy((timeoutMs) => createMemcachedHandler(source, { timeoutMs }), secrets, ...codes);
}
