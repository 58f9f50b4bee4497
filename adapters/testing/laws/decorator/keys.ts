import assert from "node:assert/strict";
import { isId } from "sessionwire/backend";
import { confusableIds } from "../confusable-ids.ts";
import type { Law } from "../law.ts";
import { type Decoration, operations, setUp } from "./fixture.ts";
import { NetworkedInnerHandler } from "./inner-handler.ts";

/** A decorator that changes keys keeps ids apart, and keeps them to itself. */
export const keyLaws: readonly Law<Decoration>[] = [
  {
    law: 26,
    says: "ids that differ in any way have different keys, however many there are",
    async check(decoration) {
      const { handler, inner } = setUp(decoration);
      const ids = [...confusableIds, ...Array.from({ length: MANY }, (_, index) => `session ${index}`)];
      for (const id of ids) await handler.read(id);
      const keys = new Set(inner.asked.map(([, key]) => key));
      assert.equal(keys.size, ids.length);
      for (const key of keys) assert.ok(isId(key), "A key is not a valid id.");
    },
  },
  {
    law: 26,
    says: "an id has one key, in every call and in every process",
    async check(decoration) {
      const keys = new Set<unknown>();
      for (let processes = 0; processes < 2; processes += 1) {
        const { handler, inner } = setUp(decoration, new NetworkedInnerHandler());
        for (let turns = 0; turns < 3; turns += 1) {
          for (const { make } of operations) await make(handler);
        }
        for (const [, key] of inner.asked) keys.add(key);
      }
      assert.equal(keys.size, 1);
    },
  },
  {
    law: 113,
    says: "no key contains an id or a part of one, whatever the id is",
    async check(decoration) {
      const { handler, inner } = setUp(decoration);
      const ids = ["SECRET-ID", `sess:${"SECRET-".repeat(100)}`, "sess:0123456789abcdef", "\u00e9".repeat(8)];
      for (const id of ids) await handler.read(id);
      for (const [place, id] of ids.entries()) {
        const key = inner.asked[place]?.[1];
        for (const form of formsOf(id)) {
          const parts = Array.from({ length: form.length - PART + 1 }, (_, start) => form.slice(start, start + PART));
          assert.ok(!parts.some((part) => String(key).includes(part)), "A key contains a part of an id.");
        }
      }
    },
  },
];

/** Number of ids, of which some would have equal keys if keys had 24 bits. */
const MANY = 20_000;
/** The length of a part that tells something of an id, and that no hash has in common with it by chance. */
const PART = 6;

/** An id as it is, and as it would stand in a text. */
function formsOf(id: string): string[] {
  const bytes = Buffer.from(id);
  return [id, bytes.toString("hex"), bytes.toString("base64url"), encodeURIComponent(id)];
}
