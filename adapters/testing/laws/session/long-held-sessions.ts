import assert from "node:assert/strict";
import { given, opened, someoneSets, stored } from "./actions.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** A session that was held for hours overwrites nothing. */
export const longHeldSessionLaws: readonly SessionLaw[] = [
  inEveryFormat(
    101,
    "a caller that has held a session for hours saves without overwriting later saves",
    async (fixture) => {
      const id = await given(fixture, { name: "a", cart: [1], removed: 1 });
      const socket = await opened(fixture.sessions, id);
      const { idleTimeoutSeconds, lifetimeSeconds = Infinity } = fixture.format.defaults;
      const pauseSeconds = Math.floor(Math.min(idleTimeoutSeconds / 1.5, lifetimeSeconds / 16));
      for (let round = 1; round <= 15; round += 1) {
        await fixture.clock.advance(pauseSeconds * 1000);
        const request = await opened(fixture.others, id);
        request.set("cart", [round]);
        request.set("name", "b");
        request.delete("removed");
        request.set(`in round ${round}`, round);
        await request.save();
      }
      socket.set("seen", true);
      await socket.save();
      const expected = { ...(await stored(fixture, id)) };
      assert.equal(expected.name, "b");
      assert.deepEqual(expected.cart, [15]);
      assert.equal(expected.seen, true);
      assert.equal("removed" in expected, false);
      assert.equal(Object.keys(expected).length, 3 + 15);
    },
  ),
  inEveryFormat(101, "a refresh shows later saves", async (fixture) => {
    // With more data behind it, so that neither the length of the stored data nor its end reveals a change.
    const id = await given(fixture, { a: 1, removed: 1, more: "x".repeat(40) });
    const socket = await opened(fixture.sessions, id);
    await fixture.others.update(id, (draft) => {
      draft.set("a", 2);
      draft.delete("removed");
    });
    assert.equal(socket.get("a"), 1);
    await socket.refresh();
    assert.equal(socket.get("a"), 2);
    assert.equal(socket.has("removed"), false);
    assert.equal(socket.isChanged, false);
    for (const next of [3, 4]) {
      await someoneSets(fixture, id, "a", next)();
      await socket.refresh();
      assert.equal(socket.get("a"), next);
    }
  }),
];
