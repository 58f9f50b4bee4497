import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { createRedisHandler } from "sessionwire/redis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes } from "./session-data.ts";

expectNoEscapes();

const create = { replaces: undefined, ttlSeconds: 600 };

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

test("a function that returns no client is told so, by a rejection", async () => {
  const handler = createRedisHandler((() => undefined) as never);
  await expect(handler.read("a")).rejects.toMatchObject({ code: "failed", cause: { name: "TypeError" } });
  await handler.close();
});

test("the host of a URL is the one that is connected to", async () => {
  const elsewhere = createServer((socket) => socket.end("-ERR nothing here\r\n"));
  await once(elsewhere.listen(0, "127.0.0.2"), "listening");
  await using handler = createRedisHandler(`redis://127.0.0.2:${(elsewhere.address() as AddressInfo).port}`);
  const connected = once(elsewhere, "connection");
  await expect(handler.read("a")).rejects.toMatchObject({ code: expect.any(String) });
  await connected;
  elsewhere.close();
});

test("a URL may be an object, and name a database and the options that there are", async () => {
  await using handler = createRedisHandler(new URL(`${server.url}/3?keyPrefix=app:&family=4&connectionName=sessions`));
  expect(await handler.write("a", bytes("x"), create)).toMatchObject({ written: true });
  expect(await server.command("CLIENT", "LIST")).toContain("name=sessions");
  const script = "redis.call('SELECT', 3) return redis.call('GET', 'app:a')";
  expect(await server.command("EVAL", script, "0")).toBe("x");
});

test("the access control list of the README is enough for everything", async () => {
  const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
  const [, list = ""] = /A user of an access control list needs ([^.;]*)/.exec(readme) ?? [];
  const commands = [...list.matchAll(/`(\w+)`/g)].map(([, command]) => `+${command}`);
  expect(commands.length).toBeGreaterThan(5);
  await server.command("ACL", "SETUSER", "app", "on", ">secret", "~*", "-@all", ...commands);
  await using handler = createRedisHandler(server.url.replace("redis://", "redis://app:secret@"));
  const written = await handler.write("acl", bytes("x"), create);
  if (!written.written) throw new Error("not written");
  expect(await handler.read("acl")).toMatchObject({ version: written.version });
  expect(await handler.read("acl", { ttlSeconds: 60 })).toMatchObject({ version: written.version });
  expect(await handler.touch("acl", 60)).toBe(true);
  expect(await handler.destroy("acl", { replaces: written.version })).toEqual({ destroyed: true });
  expect(await handler.destroy("acl")).toMatchObject({ destroyed: false });
  await handler.ping();
  await handler.reconnect();
});

test("a user who may not write is unauthorized, in a script as well", async () => {
  await server.command("ACL", "SETUSER", "reader", "on", ">secret", "~*", "+@all", "-set");
  await using handler = createRedisHandler(server.url.replace("redis://", "redis://reader:secret@"));
  await expect(handler.write("acl", bytes("x"), create)).rejects.toMatchObject({
    code: "unauthorized",
    outcome: "not-applied",
  });
});
