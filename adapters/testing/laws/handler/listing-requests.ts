import assert from "node:assert/strict";
import { isSessionError, type ListingSessionHandler } from "sessionwire";
import type { ListOptions } from "sessionwire/backend";
import { bytes, type Law, rejects } from "../law.ts";
import type { Fixture } from "./fixture.ts";
import { eachPage, idsOf, numbered } from "./pages.ts";

const create = { replaces: undefined, ttlSeconds: 60 };

/** A listing takes a prefix, a cursor and a signal, and nothing else. */
export const listingRequestLaws: readonly Law<Fixture<ListingSessionHandler>>[] = [
  {
    law: 112,
    says: "a cursor may be used again, and leads to the remaining ids",
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
    law: 112,
    says: "arguments that are not a prefix, cursor, signal or options of a listing are refused",
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
        await rejects(handler.list({ prefix }), "invalid-id");
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
    law: 112,
    says: "a cursor that no page has returned is refused with code failed, or starts somewhere",
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
    law: 112,
    says: "a listing with an aborted signal, or after the close, is refused",
    async check({ handler }) {
      const reason = new Error("changed my mind");
      assert.equal((await rejects(handler.list({ signal: AbortSignal.abort(reason) }), "aborted")).cause, reason);
      await handler.close();
      await rejects(handler.list(), "closed");
    },
  },
];
