import assert from "node:assert/strict";
import { createReferenceHandler } from "sessionwire/testing";
import { keyNamed } from "./encryption-keys.ts";
import { bytes, type Subject, text } from "./law.ts";

type Parts = Pick<Subject, "withEncryption" | "rotate">;

const create = { replaces: undefined, ttlSeconds: 3600 };
const [next, old] = [keyNamed("2027"), keyNamed("2026")];

/** The promises of `rotate`. */
export const rotationChecks: Readonly<Record<string, (parts: Parts) => Promise<void>>> = {
  async "after a rotation, everything is there with the new key alone, and what had it is unchanged (law 141)"({
    withEncryption,
    rotate,
  }) {
    const store = createReferenceHandler();
    const during = withEncryption(store, { keys: [next, old], acceptPlaintextUntil: Date.now() + 3_600_000 });
    await withEncryption(store, { keys: [old] }).write("old", bytes("data"), create);
    await during.write("new", bytes("data"), create);
    await store.write("plain", bytes("data"), create);
    const before = await store.read("new");
    const { seen, rewritten } = await rotate(during, { ttlSeconds: 60 });
    assert.deepEqual({ seen, rewritten }, { seen: 3, rewritten: 2 });
    assert.deepEqual(await store.read("new"), before);
    const after = withEncryption(store, { keys: [next] });
    for (const id of ["old", "new", "plain"]) assert.equal(text((await after.read(id))?.data), "data");
  },
  async "a rotation neither overwrites what is written in the meantime, nor brings back what ends (law 18)"({
    withEncryption,
  }) {
    const store = createReferenceHandler();
    const during = withEncryption(store, { keys: [next, old] });
    const before = withEncryption(store, { keys: [old] });
    for (const id of ["a", "b"]) await before.write(id, bytes("data"), create);
    // Each is done when the rotation has read the session.
    const meanwhile = (id: string, act: () => Promise<unknown>) =>
      during.reencrypt(id, async () => {
        await act();
        return 60;
      });
    const { version } = (await store.read("a")) ?? assert.fail();
    const change = () => during.write("a", bytes("changed"), { replaces: version, ttlSeconds: 60 });
    assert.equal(await meanwhile("a", change), "conflict");
    assert.equal(text((await during.read("a"))?.data), "changed");
    assert.equal(await meanwhile("b", () => store.destroy("b")), "absent");
    assert.equal(await store.read("b"), undefined);
  },
};
