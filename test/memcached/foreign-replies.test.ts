// @module-tag real-time

import { createMemcachedHandler } from "sessionwire/memcached";
import { describe, expect, test, vi } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { failureOf } from "../redis/settling.ts";
import { reply, startAnswering } from "./answering-server.ts";
import { addressOf } from "./scene.ts";

expectNoEscapes();

const timeoutMs = 2000;

describe("a reply that does not match its request costs the connection at once, and is never accepted:", () => {
  test.each<[string, (opaque: number) => Buffer]>([
    ["another magic number", (opaque) => reply({ magic: 0x80, opaque })],
    ["a number that nobody waits for", (opaque) => reply({ opaque: opaque === 7 ? 8 : 7 })],
    ["the answer to another kind of request", (opaque) => reply({ opcode: 1, opaque })],
    ["an answer that names mechanisms", (opaque) => reply({ opcode: 0x20, opaque })],
    ["a key longer than the whole", (opaque) => reply({ keyLength: 9, bodyLength: 8, opaque })],
    ["a body beyond all measure", (opaque) => reply({ bodyLength: 2 ** 31, opaque })],
    ["text", () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ])("%s", async (_, answer) => {
    using server = await startAnswering(answer);
    await using handler = createMemcachedHandler(addressOf(server), { timeoutMs });
    const calls = [handler.read("a"), handler.read("b"), handler.touch("c", 60)].map(failureOf);
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: "unavailable" });
    await vi.waitUntil(() => server.open === 0);
  });

  test("a repeated reply", async () => {
    using server = await startAnswering((opaque, opcode) => {
      const once = reply({ opcode, opaque });
      return Buffer.concat([once, once]);
    });
    await using handler = createMemcachedHandler(addressOf(server), { timeoutMs });
    expect(await handler.touch("a", 60)).toBe(true);
    await vi.waitUntil(() => server.open === 0);
  });

  test("text of another protocol", async () => {
    using server = await startAnswering(() => Buffer.from("ERROR\r\n"));
    await using handler = createMemcachedHandler(addressOf(server), { timeoutMs });
    expect(await failureOf(handler.read("a"))).toMatchObject({ code: "failed" });
  });
});
