import assert from "node:assert/strict";
import { refuses } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { given, opened, stored } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** A save that was stored only in part reports it. */
export const partialSaveLaws: readonly SessionLaw[] = [
  inEveryFormat(89, "a failed save of which a part is stored reports it, and keeps the rest", async (fixture) => {
    for (const code of ["unavailable", "overloaded", "read-only"] as const) {
      const id = await given(fixture, { a: 0 });
      const holder = await opened(fixture.sessions, id);
      const names = ["a", "b", "c", "d", "e", "f"]; // more than one write can carry
      for (const name of names) {
        holder.set(name, 1);
        fixture.handler.next("write", refuses(code));
        await rejects(holder.save(), code, "not-applied");
      }
      fixture.handler.next("write", (apply) => apply());
      fixture.handler.next("write", refuses(code));
      await rejects(holder.save(), code, "unknown");
      const now = await stored(fixture, id);
      assert.notDeepEqual(now, { a: 0 });
      assert.notDeepEqual(now, Object.fromEntries(names.map((name) => [name, 1])));
      assert.equal(holder.isChanged, true);
      await holder.save();
      assert.deepEqual(await stored(fixture, id), Object.fromEntries(names.map((name) => [name, 1])));
    }
  }),
  inEveryFormat(89, "a save of which a part is stored when the session ends reports it", async (fixture) => {
    const id = await given(fixture, { a: 0 });
    const holder = await opened(fixture.sessions, id);
    for (const name of ["a", "b", "c", "d", "e", "f"]) {
      holder.set(name, 1);
      fixture.handler.next("write", refuses());
      await assert.rejects(holder.save());
    }
    fixture.handler.next("write", (apply) => apply());
    fixture.handler.next(
      "write",
      after(() => fixture.others.destroy(id)),
    );
    await rejects(holder.save(), "gone", "unknown");
    assert.equal(await stored(fixture, id), undefined);
  }),
];
