import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import memjs from "memjs";
import { createMemcachedHandler, type MemcachedSource } from "sessionwire/memcached";
import { afterAll, describe, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, create, textOf } from "../redis/session-data.ts";
import { failureOf } from "../redis/settling.ts";
import { saslPasswordTool } from "../servers/memcached-binary.ts";
import { startMemcached } from "../servers/memcached-server.ts";

expectNoEscapes();

const user = "app";
const password = "p%w:d@/ä";
const directory = await mkdtemp(join(tmpdir(), "sasl-"));
await writeFile(join(directory, "memcached.conf"), `mech_list: plain\nsasldb_path: ${directory}/users\n`);
execFileSync(saslPasswordTool(), ["-p", "-c", "-f", `${directory}/users`, "-a", "memcached", user], {
  input: password,
});
const server = await startMemcached({ args: ["-S"], env: { SASL_CONF_PATH: directory }, isReady: accepts });
afterAll(async () => {
  await server.stop();
  await rm(directory, { recursive: true });
});

/** It answers nobody without credentials, not even the question who it is. */
async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const isOpen = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}

const login = `${user}:${encodeURIComponent(password)}`;

describe("a server that asks for credentials takes those of", () => {
  const sources: [string, MemcachedSource][] = [
    ["a URL", `memcached://${login}@${server.address}`],
    ["a client", memjs.Client.create(server.address, { username: user, password })],
    ["a server of a client", new memjs.Client([new memjs.Server("127.0.0.1", server.port, user, password)])],
  ];
  test.each(sources)("%s, on each new connection", async (_, source) => {
    await using handler = createMemcachedHandler(source);
    const { id, version } = await create(handler);
    await Promise.all([handler.reconnect(), handler.reconnect()]);
    const calls = Array.from({ length: 20 }, () => handler.read(id));
    expect(new Set((await Promise.all(calls)).map(textOf))).toEqual(new Set(["first"]));
    const second = await handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
    expect(second).toMatchObject({ written: true });
  });
});

const wrongPassword = "wrong-and-to-be-kept-secret";

test.each([
  ["wrong ones", `memcached://${user}:${wrongPassword}@${server.address}`],
  ["none", server.address],
])("a server that asks for credentials refuses %s, and nothing is applied", async (_, source) => {
  await using handler = createMemcachedHandler(source);
  const error = await failureOf(handler.read("a"));
  expect(error).toMatchObject({ code: "unauthorized" });
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(wrongPassword);
  expect(await failureOf(handler.touch("a", 60))).toMatchObject({ code: "unauthorized", outcome: "not-applied" });
  expect(await failureOf(handler.ping())).toMatchObject({ code: "unauthorized" });
  expect(await failureOf(handler.reconnect())).toMatchObject({ code: "unauthorized" });
});

test("a server that requires no credentials accepts them", async () => {
  await using own = await startMemcached();
  await using handler = createMemcachedHandler(`memcached://${login}@${own.address}`);
  const { id } = await create(handler);
  expect(textOf(await handler.read(id))).toBe("first");
});
