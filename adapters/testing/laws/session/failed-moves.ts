import assert from "node:assert/strict";
import { losesReply, losesRequest, refuses } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { given, keyOfCopy, opened, outcomeOf, stored } from "./actions.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** A session keeps its id if the new one cannot be created. */
export const failedMoveLaws: readonly SessionLaw[] = [
  inEveryFormat(
    96,
    "when a move fails, the old id is unchanged, and nothing is left of the new one",
    async (fixture) => {
      for (const method of ["write", "destroy"] as const) {
        const id = await given(fixture, { a: 1 });
        const holder = await opened(fixture.sessions, id);
        holder.set("mine", 1);
        fixture.handler.next(method, refuses());
        const asked = fixture.handler.calls.length;
        await rejects(holder.regenerate(), "unavailable", "not-applied");
        assert.equal(holder.id, id);
        assert.equal(holder.isChanged, true);
        assert.deepEqual(await stored(fixture, id), { a: 1 });
        assert.equal(await fixture.store.read(keyOfCopy(fixture, asked)), undefined);
        await holder.save();
        assert.deepEqual(await stored(fixture, id), { a: 1, mine: 1 });
        await holder.regenerate();
        assert.deepEqual(await stored(fixture, holder.id), { a: 1, mine: 1 });
      }
    },
  ),
  inEveryFormat(
    96,
    "when the outcome of storing the copy is unknown, the old id certainly remains valid",
    async (fixture) => {
      for (const lost of [losesReply, losesRequest]) {
        const id = await given(fixture, { a: 1 });
        const holder = await opened(fixture.sessions, id);
        fixture.handler.next("write", lost("timeout"));
        await rejects(holder.regenerate(), "timeout", "not-applied");
        assert.equal(holder.id, id);
        assert.deepEqual(await stored(fixture, id), { a: 1 });
      }
    },
  ),
  inEveryFormat(96, "a lost request to the old id is sent again", async (fixture) => {
    const id = await given(fixture, { a: 1 });
    const holder = await opened(fixture.sessions, id);
    fixture.handler.next("destroy", losesRequest());
    await holder.regenerate();
    assert.deepEqual(await stored(fixture, holder.id), { a: 1 });
    assert.equal(await stored(fixture, id), undefined);
  }),
  inEveryFormat(96, "the outcome that a move reports is true if the old id gives no answer", async (fixture) => {
    for (const code of ["unavailable", "timeout"] as const) {
      for (const lost of [losesReply, losesRequest]) {
        const id = await given(fixture, { a: 1 });
        const holder = await opened(fixture.sessions, id);
        fixture.handler.next("destroy", lost(code));
        const outcome = await outcomeOf(holder.regenerate());
        if (outcome === "stored") assert.deepEqual(await stored(fixture, holder.id), { a: 1 });
        if (outcome === "not-applied") assert.deepEqual(await stored(fixture, id), { a: 1 });
      }
    }
  }),
  inEveryFormat(
    96,
    "when the second attempt to end the old id is refused, the outcome of the first is unknown",
    async (fixture) => {
      const id = await given(fixture, { a: 1 });
      const holder = await opened(fixture.sessions, id);
      fixture.handler.next("destroy", losesReply());
      fixture.handler.next("destroy", refuses());
      await rejects(holder.regenerate(), "unavailable", "unknown");
      assert.equal(await stored(fixture, id), undefined);
      assert.ok(await fixture.store.read(keyOfCopy(fixture, 0)), "only the copy remains");
    },
  ),
  inEveryFormat(
    96,
    "if the old id gives no answer, the copy remains, because it may be the only one",
    async (fixture) => {
      const id = await given(fixture, { a: 1 });
      const holder = await opened(fixture.sessions, id);
      fixture.handler.next("destroy", losesReply("timeout"));
      await rejects(holder.regenerate(), "timeout", "unknown");
      assert.ok(await fixture.store.read(keyOfCopy(fixture, 0)));
    },
  ),
];
