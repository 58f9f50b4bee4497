import assert from "node:assert/strict";
import { plain } from "../answers.ts";
import { bytes, type Law, rejects } from "../law.ts";
import { create, type Fixture, stored, written } from "./fixture.ts";

/** Bytes are stored unchanged, and as copies. */
export const bytesLaws: readonly Law<Fixture>[] = [
  {
    law: 3,
    says: "bytes come back unchanged, whatever they are",
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
    says: "changing a returned value changes nothing that is stored",
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
    law: 31,
    says: "data up to maxBytes works, larger data is refused and the session stays unchanged",
    async check({ handler, maxBytes }) {
      const version = await create(handler, "a");
      const most = new Uint8Array(maxBytes).fill(7);
      const tooMuch = handler.write("a", new Uint8Array(maxBytes + 1), { replaces: version, ttlSeconds: 60 });
      await rejects(tooMuch, "too-large", "not-applied");
      assert.deepEqual(plain(await handler.read("a")), { data: bytes("data"), version });
      written(await handler.write("a", most, { replaces: version, ttlSeconds: 60 }));
      assert.deepEqual((await handler.read("a"))?.data, most);
    },
  },
];
