import assert from "node:assert/strict";
import { SessionError } from "sessionwire";
import { losesRequest } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { given, opened, stored } from "./actions.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** A failed read is an error, and not a session. */
export const failedReadLaws: readonly SessionLaw[] = [
  inEveryFormat(94, "a failed read is an error, and never an empty or absent session", async (fixture) => {
    const id = await given(fixture, { a: 1 });
    const holder = await opened(fixture.sessions, id);
    for (const code of ["unavailable", "timeout", "overloaded", "unauthorized"] as const) {
      const fail = async () => {
        throw new SessionError(code, "The session cannot be read.");
      };
      fixture.handler.next("read", fail, 4);
      await rejects(fixture.sessions.open(id), code, "any");
      await rejects(fixture.sessions.open(id, { keepAlive: false }), code, "any");
      await rejects(
        fixture.sessions.update(id, (draft) => draft.set("a", 2)),
        code,
        "not-applied",
      );
      await rejects(holder.refresh(), code, "any");
      assert.ok(!holder.hasEnded && !holder.isNew);
    }
    assert.equal(fixture.handler.count("write"), 0);
    assert.deepEqual(await stored(fixture, id), { a: 1 });
    assert.equal(holder.get("a"), 1);
  }),
  inEveryFormat(94, "unreadable data is corrupt, and is left unchanged", async (fixture) => {
    const id = await given(fixture, { a: 1 });
    const holder = await opened(fixture.sessions, id);
    holder.set("a", 2);
    const key = await fixture.format.keyOf(id);
    const { data, version } = (await fixture.store.read(key)) ?? assert.fail("The session is not stored.");
    await fixture.store.write(key, data.subarray(0, -1), { replaces: version, ttlSeconds: 60 });
    const before = await fixture.store.read(key);
    await rejects(fixture.sessions.open(id), "corrupt", "any");
    await rejects(
      fixture.sessions.update(id, (draft) => draft.set("a", 2)),
      "corrupt",
      "not-applied",
    );
    await rejects(holder.save(), "corrupt", "not-applied");
    await rejects(holder.refresh(), "corrupt", "any");
    assert.equal(holder.isChanged, true);
    assert.deepEqual(await fixture.store.read(key), before);
  }),
  inEveryFormat(
    94,
    "a failed touch does not end the session",
    async (fixture) => {
      const id = await given(fixture, { a: 1 });
      const holder = await opened(fixture.sessions, id);
      // If the record contains its lifetime, it is read again in order to be touched.
      const isSaidByRecord = fixture.format.ttlSecondsOfRead(fixture.format.defaults) === undefined;
      fixture.handler.next(isSaidByRecord ? "read" : "touch", losesRequest(), 2);
      await rejects(holder.touch(), "unavailable", "unknown");
      assert.equal(holder.hasEnded, false);
      await holder.touch().catch(() => {});
      assert.deepEqual(await stored(fixture, id), { a: 1 });
    },
    { touchEverySeconds: 0 },
  ),
];
