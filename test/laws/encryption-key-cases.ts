import assert from "node:assert/strict";
import type { EncryptionOptions } from "sessionwire";
import { createReferenceHandler, createVirtualClock, rejects } from "sessionwire/testing";
import { keyNamed } from "./encryption-keys.ts";
import { bytes, type Subject, text } from "./law.ts";
import { everythingIn } from "./secrets.ts";

type Parts = Pick<Subject, "withEncryption">;

const create = { replaces: undefined, ttlSeconds: 3600 };
const [next, old] = [keyNamed("2027"), keyNamed("2026")];

/** On Cloudflare Workers, each request asks for itself: one that is cancelled never answers others. */
const { navigator } = globalThis as { readonly navigator?: { readonly userAgent?: unknown } };
const sharesWork = navigator?.userAgent !== "Cloudflare-Workers";

/** The promises of `withEncryption` about its keys. */
export const keyChecks: Readonly<Record<string, (parts: Parts) => Promise<void>>> = {
  async "the first key encrypts, all keys decrypt, and without its key a session is an error of its own (law 141)"({
    withEncryption,
  }) {
    const store = createReferenceHandler();
    const using = (...keys: EncryptionOptions["keys"]) => withEncryption(store, { keys });
    await using(old).write("a", bytes("old"), create);
    await rejects(using(next).read("a"), "key-missing");
    await rejects(using(next).write("a", bytes("new"), create), "key-missing", "not-applied");
    const found = await using(next, old).read("a");
    assert.equal(text(found?.data), "old");
    await using(next, old).write("a", bytes("new"), { replaces: found?.version, ttlSeconds: 3600 });
    assert.equal(text((await using(next).read("a"))?.data), "new");
    await rejects(using(old).read("a"), "key-missing");
    assert.deepEqual(await using(old).destroy("a"), { destroyed: true });
  },
  async "a key service that fails is unavailable, with nothing applied, and is asked again (law 32)"({
    withEncryption,
  }) {
    const store = createReferenceHandler();
    let isUp = false;
    const keyOf = async () => (isUp ? next.key : Promise.reject(new Error(`no access for ${text(next.key)}`)));
    const handler = withEncryption(store, { keys: ["2027"], keyOf });
    const failure = await rejects(handler.write("a", bytes("data"), create), "unavailable", "not-applied");
    assert.ok(!everythingIn(failure).includes("2027."), "It contains the key.");
    isUp = true;
    await handler.write("a", bytes("data"), create);
    isUp = false;
    assert.equal(text((await handler.read("a"))?.data), "data");
    await rejects(withEncryption(store, { keys: ["2027"], keyOf }).read("a"), "unavailable");
    await rejects(withEncryption(store, { keys: ["2027"], keyOf: () => undefined }).read("a"), "key-missing");
    await rejects(withEncryption(store, { keys: ["2027"], keyOf: () => new Uint8Array(31) }).read("a"), "failed");
  },
  async "calls that need the same key ask for it once, and a failure answers all of them (law 44)"({ withEncryption }) {
    const asked: { readonly id: string; answer(key: Uint8Array): void; fail(error: Error): void }[] = [];
    const keyOf = (id: string) =>
      new Promise<Uint8Array>((answer, fail) => {
        asked.push({ id, answer, fail });
      });
    const handler = withEncryption(createReferenceHandler(), { keys: ["2027", "2026"], keyOf });
    const writeMany = () => ["a", "b", "c"].map((id) => handler.write(id, bytes(id), create));
    const failing = writeMany().map((call) => rejects(call, "unavailable", "not-applied"));
    const first = asked.splice(0);
    for (const { fail } of first) fail(new Error("down"));
    await Promise.all(failing);
    const writing = writeMany();
    const second = asked.splice(0);
    for (const { answer } of second) answer(next.key);
    await Promise.all(writing);
    await Promise.all(["a", "b", "c"].map((id) => handler.read(id)));
    const once = Array.from({ length: sharesWork ? 1 : 3 }, () => "2027");
    assert.deepEqual(
      [...first, ...second, ...asked].map(({ id }) => id),
      [...once, ...once],
    );
  },
  async "a key service that does not answer is given up, and so is a call that waits for it (law 38)"({
    withEncryption,
  }) {
    const clock = createVirtualClock();
    const signals: AbortSignal[] = [];
    const keyOf = (_: string, { signal }: { readonly signal: AbortSignal }) => {
      signals.push(signal);
      return new Promise<never>(() => {});
    };
    const options = { keys: ["2027"], keyOf, keyTimeoutMs: 500, clock };
    const handler = withEncryption(createReferenceHandler({ clock }), options);
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = rejects(handler.write("a", bytes("a"), { ...create, signal }), "aborted", "not-applied");
    const late = rejects(handler.write("b", bytes("b"), create), "unavailable", "not-applied");
    controller.abort();
    await aborted;
    await clock.advance(500);
    await late;
    const closed = rejects(handler.write("c", bytes("c"), create), "closed", "not-applied");
    await handler.close();
    await closed;
    assert.equal(signals.length, sharesWork ? 2 : 3);
    assert.ok(signals.every((each) => each.aborted));
    assert.equal(clock.pending, 0);
  },
  async "keys that cannot be used are refused at once (law 33)"({ withEncryption }) {
    const using = (options: object) => () => withEncryption(createReferenceHandler(), options as EncryptionOptions);
    const { key } = next;
    for (const keys of [[], [{ id: "", key }], [{ id: "seventeen letters", key }], [{ id: "é", key }], [next, next]]) {
      assert.throws(using({ keys }), RangeError);
    }
    const signing = await crypto.subtle.importKey("raw", key.slice(), { name: "HMAC", hash: "SHA-256" }, false, [
      "sign",
    ]);
    const wrong = [
      undefined,
      "2027",
      ["2027"],
      [null],
      [{ id: "a" }],
      [{ id: "a", key: "text" }],
      [{ id: "a", key: signing }],
    ];
    for (const keys of [...wrong, [{ id: "a", key: new Uint8Array(31) }]]) assert.throws(using({ keys }), Error);
    for (const acceptPlaintextUntil of [Number.NaN, new Date("never"), "2027-01-01", null]) {
      assert.throws(using({ keys: [next], acceptPlaintextUntil }), RangeError);
    }
    assert.throws(using({ keys: [next], encryptFrom: 1 }), RangeError);
    assert.throws(using({ keys: [next], encryptFrom: 2, acceptPlaintextUntil: 2 }), RangeError);
    assert.throws(using({ keys: [next], encryptFrom: Number.NaN, acceptPlaintextUntil: 2 }), RangeError);
    assert.throws(using({ keys: [next], keyTimeoutMs: 0 }), RangeError);
    assert.throws(using({ keys: [next], keyOf: "kms" }), TypeError);
    assert.throws(using({ keys: [next], secret: "?" }), TypeError);
    const derivable = await crypto.subtle.importKey("raw", key.slice(), "HKDF", false, ["deriveKey"]);
    const store = createReferenceHandler();
    await withEncryption(store, { keys: [{ id: "2027", key: derivable }] }).write("a", bytes("data"), create);
    assert.equal(text((await withEncryption(store, { keys: [next] }).read("a"))?.data), "data");
  },
};
