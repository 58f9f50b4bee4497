import assert from "node:assert/strict";
import { isSessionError, type SessionHandler, type StoredSession } from "sessionwire";
import { type ConformanceCase, rejects } from "sessionwire/testing";
import { countDecompressedBytes } from "./decompressed-bytes.ts";
import { bytes, type Subject } from "./law.ts";
import { type NamedChecks, namedCases } from "./named-cases.ts";

type Parts = Pick<Subject, "withCompression" | "createMemoryHandler">;

const create = { replaces: undefined, ttlSeconds: 3600 };
const MARK = 0xff;

/** The promises of `withCompression` that no other decorator makes. */
export function compressionCases(parts: Parts): ConformanceCase[] {
  return namedCases(checks, parts);
}

const checks: NamedChecks<Parts> = {
  async "no stored record is larger than its data, but for one byte if that begins with 0xff (law 130)"(parts) {
    const { inner, handler } = setUp(parts, 0);
    for (const size of [0, 1, 2, 20, 100, 1000, 5000]) {
      for (const data of [noise(size), Uint8Array.of(MARK, ...noise(size)), new Uint8Array(size).fill(MARK)]) {
        await store(handler, data);
        const stored = (await inner.read("a"))?.data.length ?? Number.NaN;
        assert.ok(stored <= data.length + (data[0] === MARK ? 1 : 0), `${stored} bytes are stored for ${data.length}.`);
        assert.deepEqual((await handler.read("a"))?.data, data);
      }
    }
  },
  async "data from the threshold on is stored smaller, and data below it as it is (law 130)"(parts) {
    for (const [options, threshold] of [
      [{}, 1024],
      [{ thresholdBytes: 2000 }, 2000],
    ] as const) {
      const { inner, handler } = setUp(parts, options);
      for (const size of [threshold - 1, threshold]) {
        await store(handler, bytes("a".repeat(size)));
        const stored = (await inner.read("a"))?.data.length ?? Number.NaN;
        assert.equal(stored < 100, size === threshold);
      }
    }
  },
  async "with room for one byte, whatever has the stated maximum size is stored (laws 31 and 130)"(parts) {
    const { handler } = setUp(parts, {}, 3000);
    for (const data of [noise(2999), Uint8Array.of(MARK, ...noise(2998))]) await store(handler, data);
    await rejects(handler.write("b", noise(3000), create), "too-large", "not-applied");
  },
  async "a record that becomes larger than the maximum is corrupt, and is not decompressed to its end (law 131)"(
    parts,
  ) {
    const inner = parts.createMemoryHandler();
    const data = new Uint8Array(16_000_000);
    await store(parts.withCompression(inner, { maxBytes: data.length }), data);
    assert.ok(((await inner.read("a"))?.data.length ?? Number.NaN) < 20_000);

    using counted = countDecompressedBytes();
    await rejects(parts.withCompression(inner, { maxBytes: 100_000 }).read("a"), "corrupt");
    assert.ok(counted.bytes > 0 && counted.bytes < 1_500_000, `${counted.bytes} bytes were decompressed.`);
    await rejects(parts.withCompression(inner, { maxBytes: data.length - 1 }).read("a"), "corrupt");
    assert.equal((await parts.withCompression(inner, { maxBytes: data.length }).read("a"))?.data.length, data.length);
  },
  async "a compressed record that was truncated or extended anywhere is corrupt, and so is one of another program (law 43)"(
    parts,
  ) {
    const { handler, inner, stored } = await storeCompressed(parts);
    const damaged = [
      ...[...stored.keys()].slice(1).map((size) => stored.subarray(0, size)),
      ...[...stored.keys()].map((size) => Uint8Array.of(...stored, ...noise(size + 1))),
      Uint8Array.of(MARK, ...bytes("the data of another program")),
      Uint8Array.of(MARK, 0x78),
    ];
    for (const each of damaged) {
      await store(inner, each);
      await rejects(handler.read("a"), "corrupt");
    }
  },
  async "a compressed record of which any bit was altered is corrupt, unless the data is the same nevertheless (law 43)"(
    parts,
  ) {
    const { handler, inner, data, stored } = await storeCompressed(parts);
    let corrupt = 0;
    for (let bit = 8; bit < 8 * stored.length; bit += 1) {
      // those of the mark make it plain data
      await store(
        inner,
        stored.map((byte, place) => (place === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
      );
      const found = await handler.read("a").catch((error: unknown) => error);
      if (isSessionError(found) && found.code === "corrupt") corrupt += 1;
      else assert.deepEqual((found as StoredSession | undefined)?.data, data); // or it is the error that is shown
    }
    assert.ok(corrupt > 7 * stored.length, `Only ${corrupt} of ${8 * stored.length} alterations were detected.`);
  },
};

function setUp(parts: Parts, options: number | { readonly thresholdBytes?: number }, maxBytes = 1_000_000) {
  const inner = parts.createMemoryHandler({ maxBytes });
  const handler = parts.withCompression(inner, typeof options === "number" ? { thresholdBytes: options } : options);
  return { inner, handler };
}

async function storeCompressed(parts: Parts) {
  const { inner, handler } = setUp(parts, 0);
  const data = bytes("a session, a session, a session and a session");
  await store(handler, data);
  const stored = (await inner.read("a"))?.data ?? new Uint8Array();
  assert.ok(stored.length < data.length);
  return { inner, handler, data, stored };
}

async function store(handler: SessionHandler, data: Uint8Array): Promise<void> {
  await handler.destroy("a");
  assert.equal((await handler.write("a", data, create)).written, true);
}

/** Bytes without a pattern, the same each time: those of a linear congruential generator (Numerical Recipes). */
function noise(size: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 25; // never the mark
  });
}
