import assert from "node:assert/strict";
import type { SessionHandler, Version, WriteResult } from "sessionwire";
import { confusableIds } from "./confusable-ids.ts";
import { bytes, type Law, rejects, text } from "./law.ts";

/** A handler on an empty store, and the means to test it. */
export interface Scene<Handler extends SessionHandler = SessionHandler> {
  readonly handler: Handler;
  /** Lets the store's time pass. */
  advance(ms: number): Promise<void>;
  /** How much later than said a session may be gone. */
  readonly lateMs: number;
  /** The most bytes that a session may have. */
  readonly maxBytes: number;
}

/** What every handler must do, decorated or not, seen from outside. */
export const handlerLaws: readonly Law<Scene>[] = [
  {
    law: 1,
    says: "an id that was never written, was destroyed or has expired reads as undefined",
    passesMs: 1100,
    async check({ handler, advance, lateMs }) {
      assert.equal(await handler.read("never"), undefined);
      await create(handler, "destroyed");
      await handler.destroy("destroyed");
      assert.equal(await handler.read("destroyed"), undefined);
      await create(handler, "expired", { ttlSeconds: 1 });
      await advance(1100 + lateMs);
      assert.equal(await handler.read("expired"), undefined);
    },
  },
  {
    law: 2,
    says: "a read returns what the last write stored",
    async check({ handler }) {
      const first = await create(handler, "a", { data: "one" });
      assert.equal(await stored(handler, "a"), "one");
      await replace(handler, "a", first, "two");
      assert.equal(await stored(handler, "a"), "two");
    },
  },
  {
    law: 3,
    says: "bytes come back as they were, whatever they are",
    async check({ handler }) {
      const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const samples = [
        new Uint8Array(),
        all,
        ...["null", "{}", "\r\n", "\u0000", "1", "OK"].map(bytes),
        Uint8Array.of(0xc3, 0x28),
      ];
      for (const [index, sample] of samples.entries()) {
        written(await handler.write(`bytes ${index}`, sample, { replaces: undefined, ttlSeconds: 60 }));
        assert.deepEqual((await handler.read(`bytes ${index}`))?.data, sample);
      }
    },
  },
  {
    law: 4,
    says: "changing what was returned changes nothing that is stored",
    async check({ handler }) {
      const version = await create(handler, "a", { data: "same" });
      (await handler.read("a"))?.data.fill(0);
      assert.equal(await stored(handler, "a"), "same");
      const refused = await handler.write("a", bytes("x"), { replaces: undefined, ttlSeconds: 60 });
      assert.ok(!refused.written);
      refused.current?.data.fill(0);
      assert.equal(await stored(handler, "a"), "same");
      assert.equal((await handler.read("a"))?.version, version);
    },
  },
  {
    law: 5,
    says: "changing the input during or after the call changes nothing that is stored",
    async check({ handler }) {
      const data = Buffer.from("same");
      const writing = handler.write("a", data, { replaces: undefined, ttlSeconds: 60 });
      data.fill(0);
      written(await writing);
      data.fill(1);
      assert.equal(await stored(handler, "a"), "same");
    },
  },
  {
    law: 6,
    says: "a session is absent once its time to live has passed",
    passesMs: 2025,
    async check({ handler, advance, lateMs }) {
      const version = await create(handler, "a", { ttlSeconds: 2 });
      await advance(2000 + 25 + lateMs);
      assert.equal(await handler.read("a"), undefined);
      assert.deepEqual(await handler.write("a", bytes("x"), { replaces: version, ttlSeconds: 60 }), gone);
    },
  },
  {
    law: 7,
    says: "a session is there until its time to live has passed",
    passesMs: 2_591_000_000,
    async check({ handler, advance }) {
      await create(handler, "a", { ttlSeconds: 100 });
      await create(handler, "month", { ttlSeconds: 2_592_001 });
      await advance(99_000);
      assert.equal(await stored(handler, "a"), "data");
      await advance(2_591_000_000 - 99_000);
      assert.equal(await stored(handler, "month"), "data");
    },
  },
  {
    law: 8,
    says: "a write sets the time to live to its own, longer or shorter",
    passesMs: 11000,
    async check({ handler, advance, lateMs }) {
      const long = await create(handler, "shortened", { ttlSeconds: 100 });
      const short = await create(handler, "prolonged", { ttlSeconds: 10 });
      await replace(handler, "shortened", long, "x", 10);
      await replace(handler, "prolonged", short, "x", 100);
      await advance(11_000 + lateMs);
      assert.equal(await handler.read("shortened"), undefined);
      assert.equal(await stored(handler, "prolonged"), "x");
    },
  },
  {
    law: 9,
    says: "a read restarts the time to live if it is told to, and not otherwise, and changes nothing else",
    passesMs: 11000,
    async check({ handler, advance, lateMs }) {
      const a = await create(handler, "kept", { ttlSeconds: 10 });
      await create(handler, "not kept", { ttlSeconds: 10 });
      await advance(8000);
      assert.deepEqual(await handler.read("kept", { ttlSeconds: 10 }), { data: bytes("data"), version: a });
      await handler.read("not kept");
      await advance(3000 + lateMs);
      assert.deepEqual(await handler.read("kept"), { data: bytes("data"), version: a });
      assert.equal(await handler.read("not kept"), undefined);
    },
  },
  {
    law: 10,
    says: "a refused write changes neither data nor version nor expiry, and reports what is stored",
    passesMs: 11000,
    async check({ handler, advance, lateMs }) {
      const first = await create(handler, "a", { data: "one", ttlSeconds: 10 });
      const second = await replace(handler, "a", first, "two", 10);
      const refused = await handler.write("a", bytes("three"), { replaces: first, ttlSeconds: 100 });
      assert.deepEqual(refused, { written: false, current: { data: bytes("two"), version: second } });
      assert.deepEqual(await handler.read("a"), { data: bytes("two"), version: second });
      await advance(11_000 + lateMs);
      assert.equal(await handler.read("a"), undefined);
    },
  },
  {
    law: 11,
    says: "a time to live is a whole number of seconds from 1 to 2^31 - 1, on write, touch and read alike",
    async check({ handler }) {
      const version = await create(handler, "a");
      for (const ttl of [0, -1, Number.NaN, Infinity, -Infinity, 0.5, 1.5, 2 ** 31, "60", null, {}, 60n]) {
        const ttlSeconds = ttl as number;
        await assert.rejects(handler.read("a", { ttlSeconds }), RangeError);
        await assert.rejects(handler.touch("a", ttlSeconds), RangeError);
        await assert.rejects(handler.write("a", bytes("x"), { replaces: version, ttlSeconds }), RangeError);
      }
      assert.deepEqual(await handler.read("a"), { data: bytes("data"), version });
      for (const ttlSeconds of [1, 2_591_999, 2_592_000, 2_592_001, 2 ** 31 - 1]) {
        assert.equal(await handler.touch("a", ttlSeconds), true);
        assert.equal(await stored(handler, "a"), "data");
      }
    },
  },
  {
    law: 12,
    says: "touching a live session is true and restarts its time to live, which may shorten it",
    passesMs: 11000,
    async check({ handler, advance, lateMs }) {
      await create(handler, "longer", { ttlSeconds: 10 });
      await create(handler, "shorter", { ttlSeconds: 100 });
      assert.equal(await handler.touch("longer", 100), true);
      assert.equal(await handler.touch("shorter", 10), true);
      await advance(11_000 + lateMs);
      assert.equal(await stored(handler, "longer"), "data");
      assert.equal(await handler.read("shorter"), undefined);
    },
  },
  {
    law: 13,
    says: "touching what is absent is false and creates nothing",
    passesMs: 1100,
    async check({ handler, advance, lateMs }) {
      await create(handler, "destroyed");
      await handler.destroy("destroyed");
      await create(handler, "expired", { ttlSeconds: 1 });
      await advance(1100 + lateMs);
      for (const id of ["never", "destroyed", "expired"]) {
        assert.equal(await handler.touch(id, 60), false);
        assert.equal(await handler.read(id), undefined);
      }
    },
  },
  {
    law: 14,
    says: "a touch leaves data and version as they are",
    async check({ handler }) {
      const version = await create(handler, "a");
      await handler.touch("a", 30);
      assert.deepEqual(await handler.read("a"), { data: bytes("data"), version });
      await replace(handler, "a", version, "next");
    },
  },
  {
    law: 15,
    says: "a touch never undoes a concurrent write",
    async check({ handler }) {
      for (let round = 0; round < 20; round += 1) {
        const version = await create(handler, `a${round}`);
        const touching = [handler.touch(`a${round}`, 60), handler.touch(`a${round}`, 60)];
        const writing = replace(handler, `a${round}`, version, "next");
        if (round % 2 === 0) touching.push(handler.touch(`a${round}`, 60));
        await Promise.all([...touching, writing]);
        assert.equal(await stored(handler, `a${round}`), "next");
      }
    },
  },
  {
    law: 16,
    says: "a destroyed session stays absent until it is created anew",
    async check({ handler }) {
      await create(handler, "a");
      assert.deepEqual(await handler.destroy("a"), { destroyed: true });
      assert.equal(await handler.read("a"), undefined);
      await create(handler, "a", { data: "new" });
      assert.equal(await stored(handler, "a"), "new");
    },
  },
  {
    law: 17,
    says: "destroying what is absent resolves, and a conditional destroy ends only what was read",
    async check({ handler }) {
      const none = { destroyed: false, current: undefined };
      assert.deepEqual(await handler.destroy("never"), none);
      const first = await create(handler, "a", { data: "one" });
      const second = await replace(handler, "a", first, "two");
      const current = { data: bytes("two"), version: second };
      assert.deepEqual(await handler.destroy("a", { replaces: first }), { destroyed: false, current });
      assert.deepEqual(await handler.read("a"), current);
      assert.deepEqual(await handler.destroy("a", { replaces: second }), { destroyed: true });
      assert.deepEqual(await handler.destroy("a", { replaces: second }), none);
      await create(handler, "b");
      const both = await Promise.all([handler.destroy("b"), handler.destroy("b")]);
      assert.deepEqual(both.map(({ destroyed }) => destroyed).sort(), [false, true]);
    },
  },
  {
    law: 18,
    says: "after a destroy no replacing write is accepted, only a creating one",
    async check({ handler }) {
      const first = await create(handler, "a", { data: "one" });
      const second = await replace(handler, "a", first, "two");
      await handler.destroy("a");
      for (const replaces of [first, second]) {
        assert.deepEqual(await handler.write("a", bytes("back"), { replaces, ttlSeconds: 60 }), gone);
      }
      assert.equal(await handler.read("a"), undefined);
      await create(handler, "a");
    },
  },
  {
    law: 19,
    says: "a replacing write succeeds just when what is stored is what was read",
    async check({ handler }) {
      const first = await create(handler, "a", { data: "one" });
      const other = await create(handler, "b", { data: "other" });
      const second = await replace(handler, "a", first, "two");
      assert.equal((await handler.write("a", bytes("x"), { replaces: first, ttlSeconds: 60 })).written, false);
      assert.equal((await handler.write("a", bytes("x"), { replaces: other, ttlSeconds: 60 })).written, false);
      await replace(handler, "a", second, "three");
      assert.equal(await stored(handler, "a"), "three");
    },
  },
  {
    law: 20,
    says: "a creating write succeeds just when there is nothing, expired counting as nothing",
    passesMs: 1100,
    async check({ handler, advance, lateMs }) {
      const version = await create(handler, "a", { ttlSeconds: 1 });
      const refused = await handler.write("a", bytes("x"), { replaces: undefined, ttlSeconds: 60 });
      assert.deepEqual(refused, { written: false, current: { data: bytes("data"), version } });
      await advance(1100 + lateMs);
      await create(handler, "a", { data: "new" });
      assert.equal(await stored(handler, "a"), "new");
    },
  },
  {
    law: 21,
    says: "of many concurrent writes that replace the same state, one succeeds",
    async check({ handler }) {
      const version = await create(handler, "a");
      const attempts = Array.from({ length: 50 }, (_, index) =>
        handler.write("a", bytes(`attempt ${index}`), { replaces: version, ttlSeconds: 60 }),
      );
      assert.equal((await Promise.all(attempts)).filter((result) => result.written).length, 1);
      const creations = Array.from({ length: 50 }, (_, index) =>
        handler.write("b", bytes(`creation ${index}`), { replaces: undefined, ttlSeconds: 60 }),
      );
      assert.equal((await Promise.all(creations)).filter((result) => result.written).length, 1);
    },
  },
  {
    law: 22,
    says: "a replacing write brings back nothing that has expired or was destroyed",
    passesMs: 1100,
    async check({ handler, advance, lateMs }) {
      const expired = await create(handler, "expired", { ttlSeconds: 1 });
      const destroyed = await create(handler, "destroyed");
      await handler.destroy("destroyed");
      await advance(1100 + lateMs);
      for (const [id, replaces] of [
        ["expired", expired],
        ["destroyed", destroyed],
      ] as const) {
        assert.deepEqual(await handler.write(id, bytes("back"), { replaces, ttlSeconds: 60 }), gone);
        assert.equal(await handler.read(id), undefined);
      }
    },
  },
  {
    law: 23,
    says: "states that differ have different versions, also after a destroy",
    async check({ handler }) {
      const versions = new Set<Version>([await create(handler, "a", { data: "0" })]);
      for (let round = 1; round < 20; round += 1) {
        versions.add(await replace(handler, "a", (await handler.read("a"))?.version, String(round)));
      }
      await handler.destroy("a");
      versions.add(await create(handler, "a", { data: "after" }));
      assert.equal(versions.size, 21);
    },
  },
  {
    law: 24,
    says: "reads without a write in between return the same version, the one that the write returned",
    async check({ handler }) {
      const version = await create(handler, "a");
      assert.equal((await handler.read("a"))?.version, version);
      assert.equal((await handler.read("a", { ttlSeconds: 60 }))?.version, version);
    },
  },
  {
    law: 25,
    says: "a conditional write that arrives twice has the effect of one",
    async check({ handler }) {
      const first = await create(handler, "a", { data: "one" });
      await replace(handler, "a", first, "two");
      const second = await handler.read("a");
      assert.equal((await handler.write("a", bytes("two"), { replaces: first, ttlSeconds: 60 })).written, false);
      assert.deepEqual(await handler.read("a"), second);
      await handler.destroy("a");
      assert.deepEqual(await handler.write("a", bytes("two"), { replaces: first, ttlSeconds: 60 }), gone);
    },
  },
  {
    law: 26,
    says: "ids that differ in any way are different sessions",
    async check({ handler }) {
      for (const id of confusableIds) await create(handler, id, { data: `data of ${id}` });
      for (const id of confusableIds) assert.equal(await stored(handler, id), `data of ${id}`);
      for (const id of confusableIds.filter((_, index) => index % 2 === 0))
        assert.ok((await handler.destroy(id)).destroyed);
      for (const [index, id] of confusableIds.entries()) {
        assert.equal(await stored(handler, id), index % 2 === 0 ? undefined : `data of ${id}`);
      }
    },
  },
  {
    law: 28,
    says: "an id of 1 to 1024 well-formed units works, any other is refused with code invalid_id",
    async check({ handler }) {
      await create(handler, "x".repeat(1024));
      assert.equal(await stored(handler, "x".repeat(1024)), "data");
      const refused = [
        "",
        "x".repeat(1025),
        "a\ud800b",
        "\udbff",
        7,
        null,
        undefined,
        ["a"],
        new Array(1e6),
        { toString: () => "a" },
      ];
      for (const id of refused as string[]) {
        await rejects(handler.read(id), "invalid_id");
        await rejects(
          handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds: 60 }),
          "invalid_id",
          "not-applied",
        );
        await rejects(handler.touch(id, 60), "invalid_id", "not-applied");
        await rejects(handler.destroy(id), "invalid_id", "not-applied");
      }
      assert.equal(await handler.read("a"), undefined);
    },
  },
  {
    law: 31,
    says: "data up to maxBytes works, more is refused and the session stays as it was",
    async check({ handler, maxBytes }) {
      const version = await create(handler, "a");
      const most = new Uint8Array(maxBytes).fill(7);
      const tooMuch = handler.write("a", new Uint8Array(maxBytes + 1), { replaces: version, ttlSeconds: 60 });
      await rejects(tooMuch, "too_large", "not-applied");
      assert.deepEqual(await handler.read("a"), { data: bytes("data"), version });
      written(await handler.write("a", most, { replaces: version, ttlSeconds: 60 }));
      assert.deepEqual((await handler.read("a"))?.data, most);
    },
  },
  {
    law: 33,
    says: "arguments of the wrong kind are refused, and change nothing",
    async check({ handler }) {
      const version = await create(handler, "a");
      for (const data of ["text", [1, 2], null, undefined, new ArrayBuffer(1), new Uint16Array(1)] as unknown[]) {
        await assert.rejects(handler.write("a", data as Uint8Array, { replaces: version, ttlSeconds: 60 }), TypeError);
      }
      for (const replaces of ["", 1, null, {}] as never[]) {
        await assert.rejects(handler.write("a", bytes("x"), { replaces, ttlSeconds: 60 }), TypeError);
        await assert.rejects(handler.destroy("a", { replaces }), TypeError);
      }
      await assert.rejects(handler.read("a", { signal: {} as AbortSignal }), TypeError);
      await assert.rejects(handler.write("a", bytes("x"), undefined as never), TypeError);
      assert.deepEqual(await handler.read("a"), { data: bytes("data"), version });
    },
  },
  {
    law: 39,
    says: "a call that was aborted beforehand is refused and has no effect",
    async check({ handler }) {
      const version = await create(handler, "a");
      const reason = new Error("changed my mind");
      const signal = AbortSignal.abort(reason);
      const refused = [
        await rejects(handler.read("a", { signal }), "aborted"),
        await rejects(
          handler.write("a", bytes("x"), { replaces: version, ttlSeconds: 60, signal }),
          "aborted",
          "not-applied",
        ),
        await rejects(handler.touch("a", 60, { signal }), "aborted", "not-applied"),
        await rejects(handler.destroy("a", { signal }), "aborted", "not-applied"),
      ];
      for (const error of refused) assert.equal(error.cause, reason);
      assert.deepEqual(await handler.read("a"), { data: bytes("data"), version });
    },
  },
  {
    law: 40,
    says: "closing is idempotent, and everything afterwards rejects with code closed",
    async check({ handler }) {
      await create(handler, "a");
      await Promise.all([handler.close(), handler.close()]);
      await handler[Symbol.asyncDispose]();
      await rejects(handler.read("a"), "closed");
      await rejects(handler.write("b", bytes("x"), { replaces: undefined, ttlSeconds: 60 }), "closed", "not-applied");
      await rejects(handler.touch("a", 60), "closed", "not-applied");
      await rejects(handler.destroy("a"), "closed", "not-applied");
    },
  },
  {
    law: 44,
    says: "a thousand calls at once behave like a thousand in some order",
    async check({ handler }) {
      await create(handler, "counter", { data: "0" });
      const increments = Array.from({ length: 40 }, async () => {
        let current = await handler.read("counter");
        for (let tries = 0; tries < 100; tries += 1) {
          assert.ok(current);
          const next = bytes(String(Number(text(current.data)) + 1));
          const result = await handler.write("counter", next, { replaces: current.version, ttlSeconds: 60 });
          if (result.written) return;
          current = result.current;
        }
        assert.fail("A hundred conflicts in a row.");
      });
      const others = Array.from({ length: 300 }, async (_, index) => {
        const version = await create(handler, `other ${index}`, { data: "x" });
        await replace(handler, `other ${index}`, version, String(index));
        assert.equal(await stored(handler, `other ${index}`), String(index));
      });
      await Promise.all([...increments, ...others]);
      assert.equal(await stored(handler, "counter"), "40");
    },
  },
];

const gone: WriteResult = { written: false, current: undefined };

async function create(handler: SessionHandler, id: string, { data = "data", ttlSeconds = 60 } = {}): Promise<Version> {
  return written(await handler.write(id, bytes(data), { replaces: undefined, ttlSeconds }));
}

async function replace(
  handler: SessionHandler,
  id: string,
  replaces: Version | undefined,
  data: string,
  ttlSeconds = 60,
): Promise<Version> {
  return written(await handler.write(id, bytes(data), { replaces, ttlSeconds }));
}

async function stored(handler: SessionHandler, id: string): Promise<string | undefined> {
  return text((await handler.read(id))?.data);
}

function written(result: WriteResult): Version {
  assert.ok(result.written, "The write was refused.");
  return result.version;
}
