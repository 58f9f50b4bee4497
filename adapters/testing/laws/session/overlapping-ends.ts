import assert from "node:assert/strict";
import { losesRequest } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { given, opened, stored } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** A save that was under way when its session ended creates nothing. */
export const overlappingEndLaws: readonly SessionLaw[] = [
  inEveryFormat(92, "a save that was under way when the session was destroyed creates nothing", async (fixture) => {
    for (const lost of [undefined, losesRequest()]) {
      const id = await given(fixture, { a: 1 });
      const holder = await opened(fixture.sessions, id);
      holder.set("a", 2);
      fixture.handler.next(
        "write",
        after(() => fixture.others.destroy(id), lost),
      );
      await rejects(holder.save(), "gone", lost ? "any" : "not-applied");
      assert.equal(await stored(fixture, id), undefined);
    }
  }),
  inEveryFormat(92, "an update that was under way when the session was destroyed creates nothing", async (fixture) => {
    for (const method of ["read", "write"] as const) {
      const id = await given(fixture, { a: 1 });
      fixture.handler.next(
        method,
        after(() => fixture.others.destroy(id)),
      );
      await rejects(
        fixture.sessions.update(id, (draft) => draft.set("a", 2)),
        "gone",
        "not-applied",
      );
      assert.equal(await stored(fixture, id), undefined);
    }
    await rejects(
      fixture.sessions.update(fixture.format.createId(), (draft) => draft.set("a", 1)),
      "gone",
      "not-applied",
    );
  }),
  inEveryFormat(92, "a save does not revive a session that was destroyed in the same process", async (fixture) => {
    const id = await given(fixture, { a: 1 });
    const [holder, other] = [await opened(fixture.sessions, id), await opened(fixture.sessions, id)];
    holder.set("a", 2);
    await Promise.all([other.destroy(), rejects(holder.save(), "gone", "not-applied")]);
    assert.equal(await stored(fixture, id), undefined);
  }),
];
