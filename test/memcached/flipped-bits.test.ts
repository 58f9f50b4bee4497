// @module-tag real-time

import { isSessionError, type NetworkedSessionHandler } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { describe, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, freshId, textOf } from "../redis/session-data.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { openBareMemjs } from "./bare-memjs.ts";
import { type BitFault, startBitFlipper } from "./bit-flipper.ts";
import { addressOf, openScene } from "./scene.ts";

expectNoEscapes();

const { server, handler: direct } = await openScene();

/** Where the parts of a header are, in bits. */
const parts = {
  magic: [0, 8],
  opcode: [8, 16],
  "key length": [16, 32],
  "extras length": [32, 40],
  "data type": [40, 48],
  status: [48, 64],
  "body length": [64, 96],
  "number of the request": [96, 128],
  token: [128, 192],
} as const;

const opcodes = { read: [0x00, 0x0c, 0x1d, 0x23], change: [0x01, 0x02, 0x04, 0x1c] };
const ttlSeconds = 600;
/** Time enough for replies to arrive that have been sent. What has none by then waits for more bytes than there will be. */
const arrivalMs = 25;

/** Of one letter, so that a key that is one byte longer or shorter looks like the beginning of the data. */
const user = (letter: string) => ({ id: letter.repeat(20), data: `${letter.repeat(40)} is mine` });
const [anna, berta] = [user("a"), user("b")];
for (const { id, data } of [anna, berta]) await direct.write(id, bytes(data), { replaces: undefined, ttlSeconds });

function range([start, end]: readonly [number, number]): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

describe("a bit that is flipped in the header of a reply gives bare memjs", () => {
  test.each([
    ["the bytes of another user", "number of the request", (said: unknown[]) => said[1] === anna.data],
    [
      "bytes of the reply to another user",
      "body length",
      (said: unknown[]) => String(said[0]).includes(berta.data.slice(0, 9)),
    ],
    ["no session where there is one", "status", (said: unknown[]) => said[0] === undefined],
    ["a part of the session", "body length", (said: unknown[]) => isBeginning(said[0], anna.data)],
  ] as const)("%s", async (_, part, isWrong) => {
    await using flipper = await startBitFlipper(server);
    const seen: unknown[][] = [];
    for (const bit of range(parts[part]).toReversed()) {
      using bare = openBareMemjs(addressOf(flipper), { timeout: 0.3, retries: 1 });
      await bare.get("nobody");
      flipper.flip({ of: "reply", opcodes: opcodes.read, bit });
      const reads = [anna, berta].map(async ({ id }) => (await bare.get(id)).value?.toString());
      const results = await Promise.race([Promise.allSettled(reads), afterwards()]);
      seen.push(results.map((result) => (result.status === "fulfilled" ? result.value : "nothing")));
      if (seen.some(isWrong)) return;
    }
    expect(seen).toBe("with something wrong");
  });
});

describe("here it is a failure or harmless; no call returns wrong data, and the next read is correct:", () => {
  test.each(Object.entries(parts))("in the reply to a read: %s", async (_, part) => {
    await using flipped = await openFlipped();
    for (const options of [{}, { ttlSeconds }]) {
      for (const first of [anna.id, freshId()]) {
        for (const bit of range(part)) {
          const ids = [first, berta.id, freshId(), anna.id];
          const results = await flipped.whileFlipping({ of: "reply", opcodes: opcodes.read, bit }, (handler) =>
            ids.map(async (id) => textOf(await handler.read(id, options))),
          );
          for (const [index, result] of results.entries()) {
            if (result.status === "fulfilled") expect(result.value, `bit ${bit}`).toBe(dataOf(ids[index]));
            else expect(isSessionError(result.reason)).toBe(true);
          }
        }
      }
    }
  });

  test("in the key of a reply to a read", async () => {
    await using flipped = await openFlipped();
    for (const bit of range([8 * 28, 8 * 48])) {
      const results = await flipped.whileFlipping({ of: "reply", opcodes: opcodes.read, bit }, (handler) =>
        [anna, berta].map(async ({ id }) => textOf(await handler.read(id))),
      );
      expect(results.every(({ status }) => status === "rejected")).toBe(true);
    }
  });

  test("in the key of a request, which then asks for another session", async () => {
    await using flipped = await openFlipped();
    const near = { ...user("c"), id: `b${anna.id.slice(1)}` };
    await direct.write(near.id, bytes(near.data), { replaces: undefined, ttlSeconds });
    for (const bit of range([8 * 24, 8 * 44])) {
      const results = await flipped.whileFlipping({ of: "request", opcodes: opcodes.read, bit }, (handler) =>
        [anna, berta].map(async ({ id }) => textOf(await handler.read(id))),
      );
      expect(results.every(({ status }) => status === "rejected")).toBe(true);
    }
  });

  test.each(Object.entries(parts))("in the reply to a change: %s", async (_, part) => {
    await using flipped = await openFlipped();
    for (const change of Object.values(changes)) {
      for (const bit of range(part)) {
        const { call, isApplied, answer } = await change();
        const [result] = await flipped.whileFlipping({ of: "reply", opcodes: opcodes.change, bit }, (handler) => [
          call(handler),
        ]);
        if (result?.status === "fulfilled") expect(result.value, `bit ${bit}`).toMatchObject(answer);
        else if (isApplied) expect(result?.reason, `bit ${bit}`).toMatchObject({ outcome: "unknown" });
      }
    }
  });
});

test("a token of zeros, which would replace any value, is never accepted from a reply", async () => {
  await using fresh = await startMemcached();
  await using flipper = await startBitFlipper(fresh);
  await using handler = createMemcachedHandler(addressOf(flipper));
  await handler.write("a", bytes("first"), { replaces: undefined, ttlSeconds }); // the first token of a server is 1
  const flipped = flipper.flip({ of: "reply", opcodes: opcodes.read, bit: parts.token[1] - 1 });
  await expect(handler.read("a")).rejects.toMatchObject({ code: "unavailable" });
  await flipped;
});

/** A change of a fresh session, and the right answer. */
const changes = {
  async create() {
    const id = freshId();
    const options = { replaces: undefined, ttlSeconds };
    return change((handler) => handler.write(id, bytes("x"), options), true, { written: true });
  },
  async "create what is there"() {
    const { id } = await written();
    const options = { replaces: undefined, ttlSeconds };
    return change((handler) => handler.write(id, bytes("x"), options), false, { written: false });
  },
  async touch() {
    const { id } = await written();
    return change(async (handler) => ({ was: await handler.touch(id, ttlSeconds) }), true, { was: true });
  },
  async "touch nothing"() {
    return change(async (handler) => ({ was: await handler.touch(freshId(), ttlSeconds) }), false, { was: false });
  },
  async destroy() {
    const { id } = await written();
    return change((handler) => handler.destroy(id), true, { destroyed: true });
  },
  async "destroy nothing"() {
    return change((handler) => handler.destroy(freshId()), false, { destroyed: false, current: undefined });
  },
};

function change(call: (handler: NetworkedSessionHandler) => Promise<object>, isApplied: boolean, answer: object) {
  return { call, isApplied, answer };
}

async function written() {
  const id = freshId();
  const result = await direct.write(id, bytes("first"), { replaces: undefined, ttlSeconds });
  if (!result.written) throw new Error("There is a session under a fresh id.");
  return { id, version: result.version };
}

/** A handler behind a flipper, whose connection is open when a bit is flipped, and right again afterwards. */
async function openFlipped() {
  const flipper = await startBitFlipper(server);
  const handler = createMemcachedHandler(addressOf(flipper), { timeoutMs: 20_000 });
  return {
    async whileFlipping<T>(fault: BitFault, call: (handler: NetworkedSessionHandler) => Promise<T>[]) {
      await handler.read("nobody");
      const flipped = flipper.flip(fault);
      const settled = Promise.allSettled(call(handler));
      await flipped;
      const cancelled = setTimeout(() => flipper.reset(), arrivalMs);
      const results = await settled;
      clearTimeout(cancelled);
      expect(textOf(await handler.read(anna.id))).toBe(anna.data);
      return results;
    },
    async [Symbol.asyncDispose]() {
      await handler.close();
      await flipper[Symbol.asyncDispose]();
    },
  };
}

function dataOf(id: string | undefined): string | undefined {
  return [anna, berta].find((each) => each.id === id)?.data;
}

function isBeginning(said: unknown, data: string): boolean {
  return typeof said === "string" && said.length < data.length && said.length > 0 && data.startsWith(said);
}

/** For calls of the bare client that never settle. */
async function afterwards(): Promise<PromiseSettledResult<never>[]> {
  await new Promise((resolve) => setTimeout(resolve, 600));
  return [];
}
