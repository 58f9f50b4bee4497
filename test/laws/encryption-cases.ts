import assert from "node:assert/strict";
import type { EncryptionOptions } from "sessionwire";
import {
  type ConformanceCase,
  createReferenceHandler,
  createScriptedHandler,
  createVirtualClock,
  rejects,
} from "sessionwire/testing";
import { keyChecks } from "./encryption-key-cases.ts";
import { keyNamed } from "./encryption-keys.ts";
import { bytes, type Subject, text } from "./law.ts";
import { rotationChecks } from "./rotation-cases.ts";

type Parts = Pick<Subject, "withEncryption" | "rotate">;

const create = { replaces: undefined, ttlSeconds: 3600 };
const keys = [keyNamed("2027"), keyNamed("2026")];

/** The promises of `withEncryption` that no other decorator makes. */
export function encryptionCases(parts: Parts): ConformanceCase[] {
  return Object.entries({ ...recordChecks, ...keyChecks, ...rotationChecks }).map(([name, check]) => ({
    name,
    law: Number(/\(law (\d+)\)$/.exec(name)?.[1]),
    run: () => check(parts),
  }));
}

const recordChecks: Readonly<Record<string, (parts: Parts) => Promise<void>>> = {
  async "an encrypted session that is copied to another id is corrupt there, and still there under its own (law 139)"(
    parts,
  ) {
    const { store, handler } = open(parts);
    await handler.write("ann", bytes("of ann"), create);
    const stored = await store.read("ann");
    await store.write("bob", stored?.data ?? bytes(""), create);
    await rejects(handler.read("bob"), "corrupt");
    await rejects(handler.write("bob", bytes("new"), create), "corrupt", "not-applied");
    assert.equal(text((await handler.read("ann"))?.data), "of ann");
  },
  async "no nonce is used twice: each counts the records of its process, whose salt is its own (law 140)"(parts) {
    const { store, handler } = open(parts);
    const other = parts.withEncryption(store, { keys });
    for (let index = 0; index < 300; index += 1) await handler.write(`${index}`, bytes(""), create);
    await other.write("other", bytes(""), create);
    const records = await Promise.all(Array.from({ length: 300 }, (_, index) => store.read(`${index}`)));
    const nonces = records.map((record) => nonceOf(record?.data));
    assert.equal(new Set(nonces.map(({ count }) => count)).size, 300);
    assert.equal(new Set(nonces.map(({ random }) => random)).size, 300);
    assert.equal(new Set(nonces.map(({ salt }) => salt)).size, 1);
    assert.notEqual(nonceOf((await store.read("other"))?.data).salt, nonces[0]?.salt);
  },
  async "what is not encrypted is refused, unless and until it is accepted, and never if it claims to be encrypted (law 43)"(
    parts,
  ) {
    const clock = createVirtualClock();
    const { store, handler } = open(parts, { clock, acceptPlaintextUntil: clock.now() + 1000 });
    await store.write("old", bytes('{"user":"ann"}'), create);
    await store.write("odd", bytes(`\0sw\u0001${" ".repeat(100)}`), create);
    await store.write("later version", bytes(`\0sw\u0002${"x".repeat(100)}`), create);
    await store.write("short", bytes("\0sw"), create);
    await handler.write("damaged", bytes("data"), create);
    const { data, version } = (await store.read("damaged")) ?? assert.fail();
    await store.write("damaged", data.fill(0, 60), { replaces: version, ttlSeconds: 3600 });
    assert.equal(text((await handler.read("old"))?.data), '{"user":"ann"}');
    for (const id of ["odd", "later version", "short", "damaged"]) await rejects(handler.read(id), "corrupt");
    await rejects(open(parts, { clock }, store).handler.read("old"), "corrupt");
    await clock.advance(999);
    assert.equal(text((await handler.read("old"))?.data), '{"user":"ann"}');
    await clock.advance(1);
    await rejects(handler.read("old"), "corrupt");
    await rejects(handler.write("old", bytes("new"), create), "corrupt", "not-applied");
  },
  async "until a time, sessions are stored as they are beside encrypted ones of other processes, and encrypted from then on (law 113)"(
    parts,
  ) {
    const clock = createVirtualClock();
    const [encryptFrom, acceptPlaintextUntil] = [clock.now() + 1000, clock.now() + 5000];
    const { store, handler } = open(parts, { clock, encryptFrom, acceptPlaintextUntil });
    const ahead = open(parts, { clock, acceptPlaintextUntil }, store).handler; // its clock is a second fast
    await handler.write("a", bytes("of a"), create);
    await ahead.write("b", bytes("of b"), create);
    await handler.write("odd", bytes("\0sw of somebody else"), create);
    assert.equal(text((await store.read("a"))?.data), "of a");
    assert.equal(await handler.reencrypt("a", 60), "current");
    for (const each of [handler, ahead]) {
      assert.equal(text((await each.read("a"))?.data), "of a");
      assert.equal(text((await each.read("b"))?.data), "of b");
      assert.equal(text((await each.read("odd"))?.data), "\0sw of somebody else");
    }
    await clock.advance(999);
    await handler.write("c", bytes("of c"), create);
    assert.equal(text((await store.read("c"))?.data), "of c");
    await clock.advance(1);
    await handler.write("d", bytes("of d"), create);
    assert.notEqual(text((await store.read("d"))?.data), "of d");
    assert.equal(await handler.reencrypt("a", 60), "rewritten");
    assert.equal(text((await handler.read("a"))?.data), "of a");
  },
  async "an encrypted session with any bit flipped, or cut anywhere, is refused (law 43)"(parts) {
    const { store, handler } = open(parts);
    await handler.write("a", bytes("data"), create);
    const { data, version } = (await store.read("a")) ?? assert.fail();
    let replaces = version;
    const damaged = [
      ...Array.from({ length: data.length * 8 }, (_, bit) =>
        data.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
      ),
      ...Array.from({ length: data.length }, (_, length) => data.slice(0, length)),
    ];
    for (const each of damaged) {
      const result = await store.write("a", each, { replaces, ttlSeconds: 3600 });
      if (result.written) replaces = result.version;
      const error = await handler.read("a").then(() => assert.fail("It was accepted."), Object);
      // A flipped bit in the id of the key may be that of another key.
      assert.ok(error.code === "corrupt" || error.code === "key-missing", String(error));
    }
  },
  async "a touch changes no bytes, and asks for no key (law 14)"(parts) {
    const { store, handler } = open(parts);
    await handler.write("a", bytes("data"), create);
    const before = await store.read("a");
    const keyless = parts.withEncryption(store, { keys: ["2027"], keyOf: () => assert.fail("It asks for a key.") });
    assert.equal(await keyless.touch("a", 60), true);
    assert.deepEqual(await store.read("a"), before);
  },
  async "an encrypted session may have 64 bytes less than one inside, and a larger one is refused before it is encrypted (law 31)"(
    parts,
  ) {
    const scripted = createScriptedHandler(createReferenceHandler({ maxBytes: 164 }));
    const inner = Object.assign(scripted, { maxBytes: 164 });
    const handler = parts.withEncryption(inner, { keys });
    assert.equal(handler.maxBytes, 100);
    assert.equal((await handler.write("a", new Uint8Array(100), create)).written, true);
    const keyless = parts.withEncryption(inner, { keys: ["2027"], keyOf: () => assert.fail("It asks for a key.") });
    for (const each of [handler, keyless]) {
      await rejects(each.write("b", new Uint8Array(101), create), "too-large", "not-applied");
    }
    assert.equal(inner.count("write"), 1);
  },
};

function open(
  { withEncryption }: Parts,
  options: Partial<EncryptionOptions> = {},
  store = createReferenceHandler(options.clock && { clock: options.clock }),
) {
  return { store, handler: withEncryption(store, { keys, ...options }) };
}

/** The parts of a record, where docs/encryption.md says that they are. */
function nonceOf(record: Uint8Array | undefined) {
  const part = (from: number, to: number) => Buffer.from(record?.slice(from, to) ?? []).toString("hex");
  return { salt: part(20, 36), random: part(36, 44), count: part(44, 48) };
}
