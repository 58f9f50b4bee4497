import assert from "node:assert/strict";
import { storesFlashes } from "../../format-traits.ts";
import { given, opened, stored, visible } from "./actions.ts";
import { nested, refusedValues, takenValues } from "./sample-values.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** A value reads back as it was set, or is refused when it is set. */
export const valueLaws: readonly SessionLaw[] = [
  inEveryFormat(81, "saved values read back deeply equal", async (fixture) => {
    const values = {
      texts: ["", "\u0000", "é€😀", "__proto__", "\u2028"],
      numbers: [0, -1, 0.1, 1e21, Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53],
      others: [null, true, false, []],
      nested: { a: [{ b: { c: [[]] } }] },
      deep: nested(100),
      "": "the empty name",
    };
    const id = await given(fixture, values);
    assert.deepEqual(await stored(fixture, id), values);
    const session = await opened(fixture.sessions, id);
    assert.deepEqual(JSON.parse(JSON.stringify(visible(session))), values);
  }),
  inFormatsWith("all of JSON", 81, "what only JSON tells apart reads back as it was set", async (fixture) => {
    const values = { texts: ["\ud800", "\udc00\ud800"], objects: [{}, { a: {} }, { 0: "first" }], flash: {} };
    const id = await given(fixture, values);
    assert.deepEqual(await stored(fixture, id), values);
  }),
  inEveryFormat(
    81,
    "a value that JSON cannot carry is refused when it is set, at any place, and nothing has changed then",
    async (fixture) => {
      const hasFlashes = storesFlashes(fixture.format);
      const session = await opened(fixture.sessions, await given(fixture, { kept: 1 }));
      for (const [what, make] of refusedValues) {
        for (const value of [make(), [make()], { a: { b: make() } }]) {
          const result = value === undefined ? [value] : value; // an update to `undefined` deletes
          assert.throws(() => session.set("a", value), TypeError, what);
          assert.throws(() => session.update("kept", () => result), TypeError, what);
          if (hasFlashes) assert.throws(() => session.flash.add("a", value), TypeError, what);
        }
      }
      assert.equal(session.isChanged, false);
      assert.deepEqual(visible(session), { kept: 1 });
      assert.deepEqual(session.flash.types(), []);
    },
  ),
  inEveryFormat(
    81,
    "a value that JSON can carry is accepted, and reads back as JSON represents it",
    async (fixture) => {
      const hasFlashes = storesFlashes(fixture.format);
      for (const [what, make, expected = make()] of takenValues) {
        const session = await fixture.sessions.create();
        session.set("a", make());
        if (hasFlashes) session.flash.add("a", make());
        session.update("b", () => make());
        assert.deepEqual(session.copy("a"), expected, what);
        await session.save();
        assert.deepEqual(await stored(fixture, session.id), { a: expected, b: expected }, what);
        const messages = (await opened(fixture.others, session.id)).flash.peek("a");
        assert.deepEqual(JSON.parse(JSON.stringify(messages)), hasFlashes ? [expected] : [], what);
      }
    },
  ),
  inEveryFormat(
    81,
    "a session can be opened again with every value that it accepts, at the full depth",
    async (fixture) => {
      const id = await given(fixture, { deep: nested(100) });
      const session = await opened(fixture.sessions, id);
      const hasFlashes = storesFlashes(fixture.format);
      if (hasFlashes) session.flash.add("deep", nested(100));
      session.set("again", 1);
      await session.save();
      const again = await opened(fixture.others, id);
      assert.deepEqual(again.copy("deep"), nested(100));
      assert.equal(again.flash.peek("deep").length, hasFlashes ? 1 : 0);
    },
  ),
  inEveryFormat(81, 'an attribute "flash" reads back as it was set, or is refused', async (fixture) => {
    for (const value of [{ info: [] }, { info: ["hello"] }, { info: "hello" }, ["hello"]]) {
      const session = await fixture.sessions.create();
      try {
        session.set("flash", value);
      } catch {
        continue;
      }
      await session.save();
      assert.deepEqual(await stored(fixture, session.id), { flash: value });
    }
  }),
];
