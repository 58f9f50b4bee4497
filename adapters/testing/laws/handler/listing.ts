import assert from "node:assert/strict";
import type { ListingSessionHandler } from "sessionwire";
import { bytes, type Law } from "../law.ts";
import type { Fixture } from "./fixture.ts";
import { eachPage, idsOf, numbered } from "./pages.ts";

const create = { replaces: undefined, ttlSeconds: 60 };

/** A listing contains the ids of all sessions. */
export const listingLaws: readonly Law<Fixture<ListingSessionHandler>>[] = [
  {
    law: 112,
    says: "every session is listed once all pages are read, by its id and nothing else",
    async check({ handler }) {
      assert.deepEqual(await idsOf(handler), []);
      const ids = [
        ...numbered("a", 250),
        "\ufeffb",
        "\ufffd",
        "\u0000",
        "c\n",
        "x".repeat(1024),
        "\u{1f468}",
        "__proto__",
      ];
      for (const id of ids) await handler.write(id, bytes("data"), create);
      assert.deepEqual(await idsOf(handler), ids.sort());
      assert.deepEqual(await idsOf(handler, { prefix: "" }), ids);
    },
  },
  {
    law: 112,
    says: "with a prefix, exactly the ids that start with it are listed, whatever it is",
    async check({ handler }) {
      const prefixes = [
        "*",
        "?",
        "[ab]",
        "[",
        "a\\",
        "\\",
        "a",
        "a*",
        "a?",
        "^",
        "-",
        "\u00e9",
        "\u{1f468}",
        "x".repeat(1023),
      ];
      const ids = [...prefixes, "b", "A", "e\u0301", "\u{1f469}", "aa", "ab"].flatMap((id) => [id, `${id}.`]);
      for (const id of ids) await handler.write(id, bytes("data"), create);
      for (const prefix of prefixes) {
        const expected = ids.filter((id) => id.startsWith(prefix)).sort();
        assert.deepEqual(await idsOf(handler, { prefix }), expected, JSON.stringify(prefix));
      }
      assert.deepEqual(await idsOf(handler, { prefix: "nobody" }), []);
      assert.deepEqual(await idsOf(handler, { prefix: "x".repeat(1024) }), []);
    },
  },
  {
    law: 112,
    says: "destroyed and expired sessions are not listed",
    passesMs: 1100,
    async check({ handler, advance, lateMs }) {
      for (const id of ["there", "destroyed"]) await handler.write(id, bytes("data"), create);
      await handler.write("expired", bytes("data"), { replaces: undefined, ttlSeconds: 1 });
      await handler.destroy("destroyed");
      await advance(1100 + lateMs);
      assert.deepEqual(await idsOf(handler), ["there"]);
    },
  },
  {
    law: 112,
    says: "a session that exists during the whole listing is listed, whatever is created, destroyed and used between the pages",
    async check({ handler }) {
      // The ids have equal beginnings and endings, by which a store may distribute them, so that they are close
      // together.
      const lasting = numbered("lasting", 200).map((id) => `${id} session`);
      for (const [index, id] of lasting.entries()) {
        await handler.write(`going ${index} session`, bytes("data"), create);
        await handler.write(id, bytes("data"), create);
      }
      const listed: string[] = [];
      await eachPage(handler, {}, async ({ ids }) => {
        for (const id of ids.filter((id) => id.startsWith("going"))) {
          await handler.destroy(id);
          await handler.write(`coming after ${id}`, bytes("data"), create);
        }
        for (const id of ids.filter((id) => id.startsWith("lasting"))) {
          const { version } = (await handler.read(id, { ttlSeconds: 60 })) ?? {};
          assert.ok(version);
          await handler.write(id, bytes("new"), { replaces: version, ttlSeconds: 60 });
        }
        listed.push(...ids);
      });
      assert.deepEqual(
        lasting.filter((id) => !listed.includes(id)),
        [],
      );
    },
  },
  {
    law: 112,
    says: "all sessions may be destroyed page by page",
    async check({ handler }) {
      for (const id of numbered("a", 300)) await handler.write(id, bytes("data"), create);
      await eachPage(handler, {}, ({ ids }) => Promise.all(ids.map((id) => handler.destroy(id))));
      assert.deepEqual(await idsOf(handler), []);
    },
  },
  {
    law: 112,
    says: "listing changes neither data nor version nor expiry",
    passesMs: 11_000,
    async check({ handler, advance, lateMs }) {
      await handler.write("a", bytes("data"), { replaces: undefined, ttlSeconds: 10 });
      const before = await handler.read("a");
      await advance(8000);
      assert.deepEqual(await idsOf(handler), ["a"]);
      assert.deepEqual(await handler.read("a"), before);
      await advance(3000 + lateMs);
      assert.equal(await handler.read("a"), undefined);
    },
  },
];
