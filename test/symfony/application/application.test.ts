import { existsSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RedisServer, startRedis } from "../../servers/redis-server.ts";
import { type SymfonyApplication, startSymfonyApplication } from "./symfony-application.ts";

let redis: RedisServer;
let application: SymfonyApplication;

beforeAll(async () => {
  redis = await startRedis();
  application = await startSymfonyApplication(redis.url);
});
afterAll(async () => {
  await application?.[Symbol.asyncDispose]();
  await redis?.stop();
});

test("the Symfony application greets who has signed in, until the sign-out, which deletes the session", async () => {
  const id = await application.signIn("ann");
  expect(await application.greetingOf(id)).toBe("ann");
  await application.signOut(id);
  expect(await application.greetingOf(id)).toBeUndefined();
  expect(await redis.command("exists", `sf_s${id}`)).toBe(0);
});

test("it greets by a name that another program has set in the session, and a page that only reads leaves it there", async () => {
  const id = await application.signIn("bob");
  await application.greetingOf(id); // this page adds its own token
  const client = new Redis(redis.url);
  const text = (await client.get(`sf_s${id}`)) ?? "";
  const changed = text.replace(/^_sf2_attributes\|a:3:\{/, '_sf2_attributes|a:4:{s:9:"chat.name";s:4:"Zoë";');
  expect(changed).not.toBe(text);
  await client.set(`sf_s${id}`, changed);
  expect(await application.greetingOf(id)).toBe("Zoë");
  expect(await client.get(`sf_s${id}`)).toBe(changed);
  client.disconnect();
});

test("it leaves no cache and no log among the sources", async () => {
  await application.signIn("ann");
  expect(existsSync(join(import.meta.dirname, "../../../examples/symfony/php/var"))).toBe(false);
});
