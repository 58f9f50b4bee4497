// @module-tag real-time

import { Redis } from "ioredis";
import { isSessionError, withConnectionCheck } from "sessionwire";
import { createRedisHandler, type RedisSource } from "sessionwire/redis";
import { describe, expect, test } from "vitest";
import { everythingIn, failuresOf } from "../laws/secrets.ts";
import { startRedis } from "../servers/redis-server.ts";
import { openBareRedis } from "./bare-redis.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes, textOf } from "./session-data.ts";
import { rejectionOf } from "./settling.ts";

expectNoEscapes();

const id = "id-to-be-kept-secret 'quoted\" \r\n";
const data = "data-to-be-kept-secret";
const password = "password-to-be-kept-secret";
const version = await realVersion();
/** A version is a digest of the data, by which it could be recognised. */
const secrets = new RegExp(`to-be-kept-secret|${String(version).slice(0, 40)}`);

test("the bare client's errors carry the id and the data", async () => {
  await using server = await startRedis();
  using bare = openBareRedis(server.url);
  await server.command("config", "set", "maxmemory", "1");
  const error = await rejectionOf(bare.set(id, data));
  expect(everythingIn(error)).toContain("id-to-be-kept-secret");
  expect(everythingIn(error)).toContain(data);
});

describe("no error carries an id, data or a password (law 35):", () => {
  test("out of memory", async () => {
    await using server = await startRedis();
    await server.command("config", "set", "maxmemory", "1");
    await expectFailuresWithoutSecrets(server.url, "overloaded");
  });

  test("a key of another type", async () => {
    await using server = await startRedis();
    await server.command("rpush", id, data);
    await expectFailuresWithoutSecrets(server.url, "corrupt");
  });

  test("no permission for the commands", async () => {
    await using server = await startRedis();
    await server.command("acl", "setuser", "app", "on", `>${password}`, "~*", "-@all", "+ping");
    await expectFailuresWithoutSecrets(withLogin(server.port, "app"), "unauthorized");
  });

  test("no permission for the key", async () => {
    await using server = await startRedis();
    await server.command("acl", "setuser", "app", "on", `>${password}`, "~other:*", "+@all");
    await expectFailuresWithoutSecrets(withLogin(server.port, "app"), "unauthorized");
  });

  test("commands that the server does not know", async () => {
    const renamed = ["GET", "GETEX", "EVALSHA", "EXPIRE", "DEL"].flatMap((name) => ["--rename-command", name, ""]);
    await using server = await startRedis({ args: renamed });
    await expectFailuresWithoutSecrets(server.url, "failed");
  });

  test("commands inside the script that the server does not know", async () => {
    await using server = await startRedis({ args: ["--rename-command", "SET", ""] });
    await expectFailuresWithoutSecrets(server.url, "failed");
  });

  test("no password", async () => {
    await using server = await startRedis({ args: ["--requirepass", password] });
    await expectFailuresWithoutSecrets(server.url, "unauthorized");
  });

  test("a wrong password", async () => {
    await using server = await startRedis({ args: ["--requirepass", "another"] });
    await expectFailuresWithoutSecrets(withLogin(server.port, "default"), "unauthorized");
  });

  test("nobody there", async () => {
    await expectFailuresWithoutSecrets(`redis://:${password}@127.0.0.1:1`, "unavailable");
    await expectFailuresWithoutSecrets(`redis://:${password}@host.invalid`, "unavailable");
  });

  test("a server that does not answer", async () => {
    await using server = await startRedis();
    server.freeze();
    await expectFailuresWithoutSecrets(server.url, "timeout");
  });

  test("a source whose client cannot be made", async () => {
    const source: RedisSource = (options) => new Redis(`redis://:${password}%zz@127.0.0.1`, options);
    await expectFailuresWithoutSecrets(source, "failed");
  });
});

test("neither a handler nor what decorates it shows a password when it is printed", () => {
  const handler = createRedisHandler(`redis://:${password}@127.0.0.1:1`);
  expect(everythingIn(handler)).not.toMatch(secrets);
  expect(everythingIn(withConnectionCheck(handler))).not.toMatch(secrets);
});

async function expectFailuresWithoutSecrets(source: RedisSource, code: string): Promise<void> {
  await using handler = createRedisHandler(source, { timeoutMs: 300 });
  await using checked = withConnectionCheck(createRedisHandler(source, { timeoutMs: 300 }), {
    everySeconds: 0,
    pingTimeoutMs: 100,
    reconnectTimeoutMs: 100,
  });
  const failures = await failuresOf(handler, id, data, version);
  expect(new Set(failures.map((error) => isSessionError(error) && error.code))).toEqual(new Set([code]));
  for (const error of [...failures, ...(await failuresOf(checked, id, data, version))]) {
    expect(everythingIn(error)).not.toMatch(secrets);
  }
}

function withLogin(port: number, user: string): string {
  return `redis://${user}:${password}@127.0.0.1:${port}`;
}

async function realVersion() {
  await using server = await startRedis();
  await using handler = createRedisHandler(server.url);
  const result = await handler.write(id, bytes(data), { replaces: undefined, ttlSeconds: 60 });
  expect(textOf(await handler.read(id))).toBe(data);
  return result.written ? result.version : undefined;
}
