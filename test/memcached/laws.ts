import assert from "node:assert/strict";
import { type SessionHandler, systemClock, type Version } from "sessionwire";
import type { createMemcachedHandler } from "sessionwire/memcached";
import { type ConformanceCase, networkedCases, rejects } from "sessionwire/testing";
import { casesOf } from "../conformance/cases.ts";
import { memcachedHarness } from "../conformance/stores/memcached.ts";
import { startProxy } from "../faults/proxy.ts";
import type { Law } from "../laws/law.ts";
import { everythingIn, failuresOf } from "../laws/secrets.ts";
import { bytes, textOf } from "../redis/session-data.ts";
import { isPendingAfter } from "../redis/settling.ts";
import { type MemcachedServer, startMemcached } from "../servers/memcached-server.ts";
import { refusal, startAnswering } from "./answering-server.ts";
import { startBitFlipper } from "./bit-flipper.ts";
import { startReplyCutter } from "./reply-cutter.ts";
import { addressOf } from "./scene.ts";

const ttlSeconds = 60;
const [touchOpcode, getWithKey, deleteOpcode] = [0x1c, 0x0c, 0x04];
const create = { replaces: undefined, ttlSeconds };

export interface MemcachedSubject {
  readonly createMemcachedHandler: typeof createMemcachedHandler;
}

/** What only a server of this kind can show, each on the shortest story. */
export const memcachedLaws: readonly Law<MemcachedSubject>[] = [
  {
    law: 7,
    says: "no session ends early, and none that lives for longer than 30 days at once",
    async check(subject) {
      await using server = await startMemcached();
      const clock = { ...systemClock, now: () => Date.now() + server.aheadMs };
      await using handler = subject.createMemcachedHandler(server.address, { clock });
      for (const ttlSeconds of [2, 2_592_000, 2_592_001]) {
        await handler.write(`${ttlSeconds}`, bytes("x"), { replaces: undefined, ttlSeconds });
        await server.advance(ttlSeconds * 1000 - 100);
        assert.ok(await handler.read(`${ttlSeconds}`), `${ttlSeconds}`);
      }
    },
  },
  {
    law: 20,
    says: "a creating write is refused by what is there, and reports it",
    async check(subject) {
      await using scene = await setUp(subject);
      const version = await written(scene.handler, "a", "first");
      const refused = await scene.handler.write("a", bytes("second"), create);
      assert.deepEqual(refused, { written: false, current: { data: bytes("first"), version } });
    },
  },
  {
    law: 19,
    says: "a version from before a reconnect stands for what it stood for",
    async check(subject) {
      await using scene = await setUp(subject);
      const version = await written(scene.handler, "a", "first");
      await scene.handler.reconnect();
      const second = await scene.handler.write("a", bytes("second"), { replaces: version, ttlSeconds });
      assert.ok(second.written);
      await scene.handler.reconnect();
      assert.deepEqual(await scene.handler.destroy("a", { replaces: second.version }), { destroyed: true });
    },
  },
  {
    law: 21,
    says: "a token that would stand for every state is taken from no reply",
    async check(subject) {
      await using scene = await setUpFlipped(subject);
      await written(scene.handler, "a", "first");
      const [line = ""] = await scene.server.command("gets a");
      const power = Math.log2(Number(line.split(" ").at(-1))); // the first token of a server is 1, or 2 of a newer one
      assert.ok(Number.isInteger(power), line);
      const flipped = scene.flipper.flip({ of: "reply", opcodes: [getWithKey], bit: 191 - power });
      await rejects(scene.handler.read("a"), "unavailable", "any");
      await flipped;
    },
  },
  {
    law: 26,
    says: "a bit that changes on its way gives nobody what is another's",
    async check(subject) {
      await using scene = await setUpFlipped(subject);
      const { handler, flipper } = scene;
      for (const id of ["xa", "xc"]) await written(handler, id, `of ${id}`);
      for (const fault of [
        { of: "request", opcodes: [getWithKey], bit: 8 * 25 + 6 }, // asks for another key
        { of: "reply", opcodes: [getWithKey], bit: 93 }, // has four bytes more than it has
      ] as const) {
        await handler.ping();
        const flipped = flipper.flip(fault);
        const reads = ["xa", "xc", "xa"].map((id) => handler.read(id));
        for (const [index, result] of (await Promise.allSettled(reads)).entries()) {
          if (result.status === "fulfilled") assert.equal(textOf(result.value), index === 1 ? "of xc" : "of xa");
        }
        await flipped;
      }
      for (const pings of [1, 2]) {
        for (let sent = 0; sent < pings; sent += 1) await handler.ping();
        const flipped = flipper.flip({ of: "reply", opcodes: [touchOpcode], bit: 127 });
        const touches = ["xa", "nobody"].map((id) => handler.touch(id, ttlSeconds));
        for (const [index, result] of (await Promise.allSettled(touches)).entries()) {
          if (result.status === "fulfilled") assert.equal(result.value, index === 0);
        }
        await flipped;
      }
    },
  },
  {
    law: 32,
    says: "a status that changes on its way makes no session absent",
    async check(subject) {
      await using scene = await setUpFlipped(subject);
      await written(scene.handler, "a", "first");
      const flipped = scene.flipper.flip({ of: "reply", opcodes: [getWithKey], bit: 63 });
      await rejects(scene.handler.read("a"), "unavailable", "any");
      await flipped;
    },
  },
  {
    law: 34,
    says: "what has been done is not said not to have been by a status that changes on its way",
    async check(subject) {
      await using scene = await setUpFlipped(subject);
      await written(scene.handler, "a", "first");
      const flipped = scene.flipper.flip({ of: "reply", opcodes: [deleteOpcode], bit: 61 });
      await rejects(scene.handler.destroy("a"), "unavailable", "unknown");
      await flipped;
    },
  },
  {
    law: 28,
    says: "keys that are too long for the server are sessions of their own",
    async check(subject) {
      await using scene = await setUp(subject);
      for (const id of ["ü".repeat(125), `${"ü".repeat(125)}a`, `${"ü".repeat(125)}b`]) {
        await written(scene.handler, id, id);
        assert.equal(textOf(await scene.handler.read(id)), id);
      }
      const lines = await scene.server.command("lru_crawler metadump all");
      for (const line of lines.filter((each) => each.startsWith("key=sha256"))) {
        const key = decodeURIComponent(line.slice("key=".length).split(" ")[0] ?? "");
        assert.equal(await scene.handler.read(key), undefined);
      }
      assert.ok(lines.some((line) => line.startsWith("key=sha256")));
    },
  },
  {
    law: 31,
    says: "what is too large for the server is refused, and what is there stays",
    async check(subject) {
      await using scene = await setUp(subject);
      const replaces = await written(scene.handler, "a", "first");
      const write = scene.handler.write("a", new Uint8Array(1_048_576), { replaces, ttlSeconds });
      await rejects(write, "too-large", "not-applied");
      assert.equal(textOf(await scene.handler.read("a")), "first");
    },
  },
  {
    law: 35,
    says: "an error tells neither id nor data, whatever the server repeats",
    async check({ createMemcachedHandler }) {
      for (const answer of [
        (request: Buffer) => refusal(0x84, request),
        (request: Buffer) => refusal(0x4242, request),
        (request: Buffer) => Buffer.concat([Buffer.from("ERROR "), request]),
        (request: Buffer) => request,
      ]) {
        using server = await startAnswering((_opaque, _opcode, request) => answer(request));
        await using handler = createMemcachedHandler(addressOf(server));
        const failures = await failuresOf(handler, "a-secret", "a-secret", undefined);
        assert.equal(failures.length, 7);
        for (const failure of failures) assert.doesNotMatch(everythingIn(failure), /a-secret/);
      }
    },
  },
  {
    law: 37,
    says: "what a connection still brings counts for nothing once another has taken its place",
    async check(subject) {
      await using scene = await setUp(subject);
      await using cutter = await startReplyCutter(scene.server);
      await using handler = subject.createMemcachedHandler(addressOf(cutter));
      const version = await written(handler, "a", "first");
      cutter.cutAfter(0);
      const calls = [handler.read("a"), handler.write("a", bytes("second"), { replaces: version, ttlSeconds })];
      const settled = Promise.allSettled(calls);
      while (textOf(await scene.handler.read("a")) !== "second");
      await handler.reconnect();
      cutter.release();
      for (const { status } of await settled) assert.equal(status, "rejected");
      assert.equal(textOf(await handler.read("a")), "second");
      assert.equal(cutter.open, 1);
    },
  },
  {
    law: 3,
    says: "no reply is given to anybody but who waits for it",
    async check(subject) {
      await using scene = await setUp(subject);
      await using cutter = await startReplyCutter(scene.server);
      await using handler = subject.createMemcachedHandler(addressOf(cutter), { timeoutMs: 1000 });
      const data = (user: number) => `user ${user} `.repeat(100);
      for (let user = 0; user < 10; user += 1) await written(handler, `${user}`, data(user));
      cutter.cutAfter(1500);
      const reads = Array.from({ length: 10 }, (_, user) => handler.read(`${user}`));
      const settled = Promise.allSettled(reads);
      while (!cutter.isHolding) await new Promise((resolve) => setImmediate(resolve));
      cutter.reset();
      for (const [user, result] of (await settled).entries()) {
        if (result.status === "fulfilled") assert.equal(textOf(result.value), data(user));
      }
      for (let user = 0; user < 10; user += 1) assert.equal(textOf(await handler.read(`${user}`)), data(user));
    },
  },
  {
    law: 44,
    says: "a thousand calls do not run out of numbers",
    async check(subject) {
      await using scene = await setUp(subject);
      const { handler } = scene;
      const calls = Array.from({ length: 2500 }, () => handler.read("a"));
      assert.ok((await Promise.all(calls)).every((session) => session === undefined));
    },
  },
  {
    law: 67,
    says: "whoever comes late to an attempt that runs out of time has time left, and begins anew",
    async check(subject) {
      await using scene = await setUp(subject);
      await using proxy = await startProxy(scene.server);
      await using handler = subject.createMemcachedHandler(addressOf(proxy), { timeoutMs: 600 });
      proxy.newConnections = "silent";
      const early = rejects(handler.read("a"), "timeout");
      assert.ok(await isPendingAfter(300, early));
      proxy.newConnections = "pass";
      assert.deepEqual(await Promise.all([handler.read("a"), handler.read("a")]), [undefined, undefined]);
      await early;
      assert.equal(proxy.accepted, 2);
    },
  },
  {
    law: 73,
    says: "a server that compares no tokens keeps no sessions",
    async check(subject) {
      await using scene = await setUp(subject, ["-C"]);
      const { message } = await rejects(scene.handler.write("a", bytes("x"), create), "failed", "not-applied");
      assert.match(message, /-C/);
    },
  },
];

/** By these a broken version is found: they, and what every networked handler must do. */
export function memcachedCases(subject: MemcachedSubject): ConformanceCase[] {
  return [...casesOf(memcachedLaws, subject), ...networkedCases(memcachedHarness(subject.createMemcachedHandler))];
}

async function setUp({ createMemcachedHandler }: MemcachedSubject, args: string[] = []) {
  const server: MemcachedServer = await startMemcached({ args });
  const handler = createMemcachedHandler(server.address);
  return {
    server,
    handler,
    async [Symbol.asyncDispose]() {
      await handler.close();
      await server.stop();
    },
  };
}

/** The same behind something that flips bits. */
async function setUpFlipped(subject: MemcachedSubject) {
  const scene = await setUp(subject);
  const flipper = await startBitFlipper(scene.server);
  const handler = subject.createMemcachedHandler(addressOf(flipper), { timeoutMs: 500 });
  return {
    server: scene.server,
    flipper,
    handler,
    async [Symbol.asyncDispose]() {
      await handler.close();
      await flipper[Symbol.asyncDispose]();
      await scene[Symbol.asyncDispose]();
    },
  };
}

async function written(handler: SessionHandler, id: string, data: string): Promise<Version> {
  const result = await handler.write(id, bytes(data), create);
  assert.ok(result.written);
  return result.version;
}
