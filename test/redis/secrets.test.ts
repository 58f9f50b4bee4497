// @module-tag real-time

import { Redis } from "ioredis";
import { createRedisHandler, type RedisSource } from "sessionwire/redis";
import { describe, expect, test } from "vitest";
import { expectSecrecy, secretData, secretId, secretPassword, secretsIn } from "../conformance/secrets.ts";
import { everythingIn } from "../laws/secrets.ts";
import { startRedis } from "../servers/redis-server.ts";
import { openBareRedis } from "./bare-redis.ts";
import { expectNoEscapes } from "./escapes.ts";
import { openScene } from "./scene.ts";
import { rejectionOf } from "./settling.ts";

expectNoEscapes();

const secrets = await secretsIn((await openScene()).handler);

test("the errors of the bare client contain the id and the data", async () => {
  await using server = await startRedis();
  using bare = openBareRedis(server.url);
  await server.command("config", "set", "maxmemory", "1");
  const error = everythingIn(await rejectionOf(bare.set(secretId, secretData)));
  expect(error).toContain("id-to-be-kept-secret");
  expect(error).toContain(secretData);
});

interface Fault {
  readonly args?: string[];
  /** What the server is told before. */
  readonly command?: readonly [string, ...string[]];
  readonly user?: string;
  readonly code: string;
}

const login = ["acl", "setuser", "app", "on", `>${secretPassword}`] as const;
const renamed = ["GET", "GETEX", "SET", "EVAL", "EXPIRE", "DEL"].flatMap((name) => ["--rename-command", name, ""]);

describe("no error carries an id, data or a password (law 35):", () => {
  test.each<[string, Fault]>([
    ["out of memory", { command: ["config", "set", "maxmemory", "1"], code: "overloaded" }],
    ["a key of another type", { command: ["rpush", secretId, secretData], code: "corrupt" }],
    [
      "no permission for the commands",
      { command: [...login, "~*", "-@all", "+ping"], user: "app", code: "unauthorized" },
    ],
    ["no permission for the key", { command: [...login, "~other:*", "+@all"], user: "app", code: "unauthorized" }],
    ["commands that the server does not know", { args: renamed, code: "failed" }],
    ["a script's commands that the server does not know", { args: ["--rename-command", "SET", ""], code: "failed" }],
    ["no password", { args: ["--requirepass", secretPassword], code: "unauthorized" }],
    ["a wrong password", { args: ["--requirepass", "another"], user: "default", code: "unauthorized" }],
  ])("%s", async (_, { args = [], command, user, code }) => {
    await using server = await startRedis({ args });
    if (command) await server.command(...command);
    const source = user === undefined ? server.url : `redis://${user}:${secretPassword}@127.0.0.1:${server.port}`;
    await expectSecrecyFrom(source, code);
  });

  test("an unknown host", () => expectSecrecyFrom(`redis://:${secretPassword}@host.invalid`, "unavailable"));

  test("a source whose client cannot be created", () =>
    expectSecrecyFrom((options) => new Redis(`redis://:${secretPassword}%zz@127.0.0.1`, options), "failed"));
});

function expectSecrecyFrom(source: RedisSource, code: string): Promise<void> {
  return expectSecrecy((timeoutMs) => createRedisHandler(source, { timeoutMs }), secrets, code);
}
