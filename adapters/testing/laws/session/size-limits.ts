import assert from "node:assert/strict";
import { storesFlashes } from "../../format-traits.ts";
import { rejects } from "../law.ts";
import { opened } from "./actions.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** A value that does not fit is refused when it is set. */
export const sizeLimitLaws: readonly SessionLaw[] = [
  inEveryFormat(
    81,
    "a value that does not fit is refused by every method, and nothing has changed then",
    async (fixture) => {
      const sessions = fixture.process({ handler: fixture.createStore({ maxBytes: 2000 }) });
      const session = await sessions.create();
      session.set("kept", "k".repeat(900));
      await session.save();
      const hasFlashes = storesFlashes(fixture.format);
      session.set("half", "h".repeat(1200));
      for (const value of [
        doubled(12),
        doubled(26),
        "x".repeat(2000),
        new Array(2000).fill(0),
        { ["n".repeat(2000)]: 1 },
      ]) {
        for (const set of [
          () => session.set("a", value),
          () => session.set("half", value),
          () => session.update("a", () => value),
          ...(hasFlashes ? [() => session.flash.add("a", value), () => session.flash.remove("a", value)] : []),
        ]) {
          assert.throws(set, { code: "too-large", outcome: "not-applied" });
        }
        await rejects(
          sessions.update(session.id, (draft) => draft.set("a", value)),
          "too-large",
          "not-applied",
        );
      }
      assert.throws(() => session.set("a", "x".repeat(800)), { code: "too-large" }); // not even half of it
      assert.deepEqual([...session.names()].sort(), ["half", "kept"]);
      assert.deepEqual(session.flash.types(), []);
      session.set("half", "h".repeat(100));
      session.set("a", "x".repeat(800)); // in the space of the replaced value
      session.delete("a");
      if (hasFlashes) session.flash.add("b", "y".repeat(800)); // and of the deleted one
      if (hasFlashes) session.flash.take("b");
      await session.save();
      assert.equal((await opened(sessions, session.id)).get("half"), "h".repeat(100));
    },
  ),
  inEveryFormat(81, "a value that is too large is refused before it is fully examined", async (fixture) => {
    const sessions = fixture.process({ handler: fixture.createStore({ maxBytes: 2000 }) });
    const session = await sessions.create();
    let looks = 0;
    const count = () => {
      looks += 1;
      return [];
    };
    const large = new Proxy(new Array(10_000).fill(0), { ownKeys: count });
    assert.throws(() => session.set("a", large), { code: "too-large" });
    const members = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`${index}`, 0]));
    assert.throws(() => session.set("a", new Proxy(members, { get: count })), { code: "too-large" });
    assert.equal(looks, 0);
  }),
];

/** Returns an array that contains another one twice, and so on: small in memory, and large as text. */
function doubled(times: number): unknown {
  let value: unknown[] = [];
  for (let time = 0; time < times; time += 1) value = [value, value];
  return value;
}
