import assert from "node:assert/strict";
import { refuses } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { given, opened, someoneWrites, stored } from "./actions.ts";
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
  inEveryFormat(102, "an aborted save of which a part is stored is unknown at any time", async (fixture) => {
    const { handler } = fixture;
    const sessions = fixture.process({ handler }); // whose turns with others are calls of the handler as well
    for (const conflicts of [0, 2]) {
      const id = await given(fixture, { a: 0 });
      const holder = await opened(sessions, id);
      for (const name of ["a", "b", "c", "d", "e", "f"]) {
        holder.set(name, 1);
        handler.next("write", refuses());
        await assert.rejects(holder.save());
      }
      handler.next("write", (apply) => apply());
      if (conflicts > 0)
        handler.next(
          "write",
          after(() => someoneWrites(fixture, id, 1)),
          conflicts,
        );
      const held = handler.hold("write"); // of the rest, or to request a turn
      const abort = new AbortController();
      const failing = rejects(holder.save({ signal: abort.signal }), "aborted", "unknown");
      await held.arrived;
      abort.abort();
      await failing;
      held.release();
      await holder.save();
      const elsewhere = conflicts > 0 ? { elsewhere: 1 } : {};
      assert.deepEqual(await stored(fixture, id), { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, ...elsewhere });
    }
  }),
];
