import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type SessionHandler, withConnectionCheck, withEncryption } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { describe, expect, test } from "vitest";
import { keyNamed } from "../laws/encryption-keys.ts";
import { startRedis } from "../servers/redis-server.ts";
import { expectNoEscapes } from "./escapes.ts";
import { findsMarker, liveMarkedSessions } from "./marked-session.ts";
import { openAs } from "./means.ts";

expectNoEscapes();

const means: Record<string, (url: string) => SessionHandler> = {
  "by the server's own means": (url) => withConnectionCheck(createRedisHandler(url)),
  "by scripts": (url) => openAs(url, "redis_version:6.2.0"),
};

describe.each(Object.entries(means))("sessions on Redis, changed %s:", (_, open) => {
  test("without encryption, files, keys, values and commands show them", async () => {
    expect(await dumpsOf(open)).toEqual({ files: true, values: true, commands: true });
  });

  test("behind withEncryption, none of these shows anything of a session (law 113)", async () => {
    const encrypted = (url: string) => withEncryption(open(url), { keys: [keyNamed("2027")] });
    expect(await dumpsOf(encrypted)).toEqual({ files: false, values: false, commands: false });
  });
});

/** Where the marker is found: in the files of the server, in its keys and values, and in the commands that it was sent, scripts included. */
async function dumpsOf(open: (url: string) => SessionHandler) {
  await using server = await startRedis({ args: ["--appendonly", "yes", "--rdbcompression", "no"] });
  const monitor = await server.monitor();
  const handler = open(server.url);
  await liveMarkedSessions(handler);
  await monitor.caughtUp();
  const keys = (await server.command("KEYS", "*")) as string[];
  expect(keys.length).toBeGreaterThanOrEqual(4); // a session and a user in each format
  const values = await Promise.all(keys.map(async (key) => [key, await server.command("GET", key)]));
  await server.command("SAVE");
  const files = readdirSync(server.directory, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  expect(files.map(({ name }) => name)).toContain("dump.rdb");
  await handler.close();
  monitor.stop();
  return {
    files: files.some(({ parentPath, name }) => findsMarker(readFileSync(join(parentPath, name)))),
    values: findsMarker(Buffer.from(JSON.stringify(values))),
    commands: findsMarker(Buffer.from(JSON.stringify(monitor.commands))),
  };
}
