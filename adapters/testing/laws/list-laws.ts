import assert from "node:assert/strict";
import { isSessionError, type ListingSessionHandler, type ListOptions, type SessionPage } from "sessionwire";
import type { Scene } from "./handler-laws.ts";
import { bytes, type Law, rejects } from "./law.ts";

/** A law of a capability that not every handler has; it has no number. */
export type ListLaw = Omit<Law<Scene<ListingSessionHandler>>, "law">;

const create = { replaces: undefined, ttlSeconds: 60 };

/** What every handler that can list must do, decorated or not, seen from outside. */
export const listLaws: readonly ListLaw[] = [
  {
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
    says: "with a prefix, just the ids that begin with it are listed, whatever it is",
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
    says: "what was destroyed or has expired is not listed",
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
    says: "what is there during the whole listing is listed, whatever comes, goes and is used between the pages",
    async check({ handler }) {
      // Alike at their ends, by which a store may spread them, so that they are near each other.
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
    says: "all may be destroyed page by page",
    async check({ handler }) {
      for (const id of numbered("a", 300)) await handler.write(id, bytes("data"), create);
      await eachPage(handler, {}, ({ ids }) => Promise.all(ids.map((id) => handler.destroy(id))));
      assert.deepEqual(await idsOf(handler), []);
    },
  },
  {
    says: "a cursor may be used again, and what it leads to is the rest",
    async check({ handler }) {
      const ids = numbered("a", 300);
      for (const id of ids) await handler.write(id, bytes("data"), create);
      const first = await handler.list();
      assert.ok(first.next);
      await handler.list({ cursor: first.next });
      const rest = await idsOf(handler, { cursor: first.next });
      assert.deepEqual([...new Set([...first.ids, ...rest])].sort(), ids);
    },
  },
  {
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
  {
    says: "arguments that are no prefix, cursor, signal or options of a listing are refused",
    async check({ handler }) {
      for (const prefix of [
        "x".repeat(1025),
        "a\ud800",
        "\udbff",
        7,
        null,
        ["a"],
        { toString: () => "a" },
      ] as string[]) {
        await rejects(handler.list({ prefix }), "invalid_id");
      }
      for (const wrong of [
        null,
        "a",
        5,
        { cursor: "" },
        { cursor: 5 },
        { cursor: null },
        { from: "a" },
        { signal: {} },
      ]) {
        await assert.rejects(handler.list(wrong as ListOptions), TypeError);
      }
    },
  },
  {
    says: "a cursor that no page has given is refused with code failed, or begins somewhere",
    async check({ handler }) {
      await handler.write("a", bytes("data"), create);
      for (const cursor of ["a text of no meaning", "0", "\u0000", "\u{1f468}", "x".repeat(2000)]) {
        const page = await handler.list({ cursor }).catch((error: unknown) => error);
        if (page instanceof Error || isSessionError(page)) await rejects(Promise.reject(page), "failed", "any");
        else await eachPage(handler, { cursor }, async ({ ids }) => assert.ok(ids.every((id) => id === "a")));
      }
      assert.deepEqual(await idsOf(handler), ["a"]);
    },
  },
  {
    says: "a listing that was aborted beforehand, or comes after the close, is refused",
    async check({ handler }) {
      const reason = new Error("changed my mind");
      assert.equal((await rejects(handler.list({ signal: AbortSignal.abort(reason) }), "aborted")).cause, reason);
      await handler.close();
      await rejects(handler.list(), "closed");
    },
  },
];

/**
 * All ids that a handler lists, each once, in their order.
 *
 * @public
 */
export async function idsOf(handler: ListingSessionHandler, options: ListOptions = {}): Promise<string[]> {
  const ids = new Set<string>();
  await eachPage(handler, options, async (page) => {
    for (const id of page.ids) ids.add(id);
  });
  return [...ids].sort();
}

async function eachPage(
  handler: ListingSessionHandler,
  options: ListOptions,
  use: (page: SessionPage) => Promise<unknown>,
): Promise<void> {
  let cursor = options.cursor;
  for (let pages = 0; pages < 1000; pages += 1) {
    const page = await handler.list({ ...options, cursor });
    await use(page);
    cursor = page.next;
    if (cursor === undefined) return;
  }
  assert.fail("The listing does not end.");
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name} ${index}`).sort();
}
