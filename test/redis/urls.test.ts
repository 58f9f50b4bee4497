import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import type { Version, WriteResult } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes } from "./session-data.ts";
import { failureOf } from "./settling.ts";

expectNoEscapes();

const create = { replaces: undefined, ttlSeconds: 600 };

const rights = rightsOnPage();
let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

test("a function that returns no client is reported by a rejection", async () => {
  const handler = createRedisHandler((() => undefined) as never);
  await expect(handler.read("a")).rejects.toMatchObject({ code: "failed", cause: { name: "TypeError" } });
  await handler.close();
});

test("the host of a URL is the one connected to", async () => {
  const elsewhere = createServer((socket) => socket.end("-ERR nothing here\r\n"));
  await once(elsewhere.listen(0, "127.0.0.2"), "listening");
  await using handler = createRedisHandler(`redis://127.0.0.2:${(elsewhere.address() as AddressInfo).port}`);
  const connected = once(elsewhere, "connection");
  await expect(handler.read("a")).rejects.toMatchObject({ code: expect.any(String) });
  await connected;
  elsewhere.close();
});

test("a URL may be an object, and name a database and the existing options", async () => {
  await using handler = createRedisHandler(new URL(`${server.url}/3?keyPrefix=app:&family=4&connectionName=sessions`));
  expect(await handler.write("a", bytes("x"), create)).toMatchObject({ written: true });
  expect(await server.command("CLIENT", "LIST")).toContain("name=sessions");
  const script = "redis.call('SELECT', 3) return redis.call('GET', 'app:a')";
  expect(await server.command("EVAL", script, "0")).toBe("x");
});

describe("the access control list of docs/stores/redis.md is sufficient for everything", () => {
  test("with the right to run scripts, whatever other commands the server has", async () => {
    await useEverything([...rights.ofAll, ...rights.toRunScripts]);
  });

  test("without it, on a server that has a command for each change", async () => {
    const own = await known(rights.ofNewServers);
    if (own.length > 0) return useEverything([...rights.ofAll, ...own]);
    // This one lacks some, and says so of nothing but what it needs a script for.
    await using user = await createUser(rights.ofAll);
    await using handler = createRedisHandler(user.url);
    const replaces = versionIn(await handler.write("unscripted", bytes("x"), create));
    expect(await failureOf(handler.destroy("unscripted", { replaces }))).toMatchObject({
      code: "unauthorized",
      outcome: "not-applied",
    });
    expect(await handler.destroy("unscripted")).toEqual({ destroyed: true });
  });
});

test("a user without the right to write is unauthorized, in a script as well", async () => {
  await using user = await createUser(["@all"], ["set"]);
  await using handler = createRedisHandler(user.url);
  await expect(handler.write("unwritten", bytes("x"), create)).rejects.toMatchObject({
    code: "unauthorized",
    outcome: "not-applied",
  });
});

/** Runs every operation as a user with these rights alone. */
async function useEverything(commands: readonly string[]): Promise<void> {
  await using user = await createUser(commands);
  await using handler = createRedisHandler(user.url);
  await using stranger = createRedisHandler(user.url); // does not have the bytes behind the versions of the other one
  const first = versionIn(await handler.write("acl", bytes("x"), create));
  expect(await handler.write("acl", bytes("x"), create)).toMatchObject({ written: false });
  const version = versionIn(await handler.write("acl", bytes("y"), { replaces: first, ttlSeconds: 600 }));
  expect(await handler.write("acl", bytes("z"), { replaces: first, ttlSeconds: 600 })).toMatchObject({
    written: false,
  });
  expect(await handler.read("acl")).toMatchObject({ version });
  expect(await handler.read("acl", { ttlSeconds: 60 })).toMatchObject({ version });
  expect(await handler.touch("acl", 60)).toBe(true);
  const replaces = versionIn(await stranger.write("acl", bytes("z"), { replaces: version, ttlSeconds: 600 }));
  expect(await handler.destroy("acl", { replaces: version })).toMatchObject({ destroyed: false });
  expect(await handler.destroy("acl", { replaces })).toEqual({ destroyed: true });
  expect(await handler.destroy("acl")).toMatchObject({ destroyed: false });
  await handler.ping();
  await handler.reconnect();
}

function versionIn(result: WriteResult): Version {
  if (!result.written) throw new Error("The write was refused.");
  return result.version;
}

/** A user with these rights and no others, until it is disposed of. */
async function createUser(allowed: readonly string[], forbidden: readonly string[] = []) {
  const changes = [...allowed.map((right) => `+${right}`), ...forbidden.map((right) => `-${right}`)];
  await server.command("ACL", "SETUSER", "app", "reset", "on", ">secret", "~*", ...changes);
  return {
    url: server.url.replace("redis://", "redis://app:secret@"),
    async [Symbol.asyncDispose]() {
      await server.command("ACL", "DELUSER", "app");
    },
  };
}

/** Those of the commands that the server has. */
async function known(commands: readonly string[]): Promise<string[]> {
  const found = (await server.command("COMMAND", "INFO", ...commands)) as readonly unknown[]; // an array or null for each
  return commands.filter((_, index) => found[index] !== null);
}

/** Returns the commands in the clauses of the page's sentence. */
function rightsOnPage() {
  const page = readFileSync(join(import.meta.dirname, "../../docs/stores/redis.md"), "utf8");
  const [, list = ""] = /A user of an access control list needs ([^.]*)\./.exec(page) ?? [];
  const clauses = list.split(";");
  const commandsIn = (marks: string) => {
    const [clause = "", ...others] = clauses.filter((each) => each.includes(marks));
    if (clause === "" || others.length > 0) throw new Error(`No single clause of the page has ${marks} in it.`);
    return [...clause.matchAll(/`([a-z]+)`/g)].map(([, command = ""]) => command);
  };
  return { ofAll: commandsIn("`get`"), ofNewServers: commandsIn("`delifeq`"), toRunScripts: commandsIn("`eval`") };
}
