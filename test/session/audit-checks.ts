import assert from "node:assert/strict";
import { type AuditEntry, SessionError } from "sessionwire";
import { createMemoryChannel } from "sessionwire/memory";
import { createFixture, type FormatName, given } from "./fixture.ts";
import type { SessionSubject } from "./subject.ts";

/** A claim about the entries of an audit log, and a way to see that it holds. */
export interface AuditCheck {
  readonly claim: string;
  check(subject: SessionSubject, formatName: FormatName): Promise<void>;
}

export const auditChecks: readonly AuditCheck[] = [
  {
    claim: "an audit log has the creation, the rotation and the end of a session in UTC, and a hash that links them",
    async check(subject, formatName) {
      const { sessions, clock, format } = createFixture(subject, formatName);
      const log: AuditEntry[] = [];
      sessions.subscribe((event) => log.push(subject.auditEntryOf(event, sessions)));
      const session = await sessions.create();
      session.set("a", 1);
      await session.save();
      const previousKeyHash = sessions.hashOf(await format.keyOf(session.id));
      await session.regenerate();
      const keyHash = sessions.hashOf(await format.keyOf(session.id));
      await session.destroy();
      const common = { time: new Date(clock.now()).toISOString(), origin: "here" };
      assert.deepEqual(log, [
        { ...common, type: "created", keyHash: previousKeyHash },
        { ...common, type: "regenerated", keyHash, previousKeyHash },
        { ...common, type: "ended", reason: "destroyed", keyHash },
      ]);
      assert.match(common.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    },
  },
  {
    claim: "an audit log says who was refused and why, with the code of an error alone",
    async check(subject, formatName) {
      const fixture = createFixture(subject, formatName);
      const { sessions, handler, format } = fixture;
      const id = await given(fixture, { a: 1 });
      const log: AuditEntry[] = [];
      sessions.subscribe((event) => log.push(subject.auditEntryOf(event, sessions)));
      const absent = format.createId();
      await sessions.open(absent);
      for (const error of [new SessionError("timeout", "No answer."), new Error("SECRET")]) {
        handler.next("read", () => Promise.reject(error));
        await assert.rejects(sessions.open(id));
      }
      const hashOf = async (each: string) => sessions.hashOf(await format.keyOf(each));
      assert.deepEqual(
        log.map(({ time: _, origin: __, ...entry }) => entry),
        [
          { type: "refused", reason: "no-session", keyHash: await hashOf(absent) },
          { type: "refused", reason: "unavailable", keyHash: await hashOf(id), error: "timeout" },
          { type: "refused", reason: "unavailable", keyHash: await hashOf(id), error: "failed" },
        ],
      );
    },
  },
  {
    claim: "an audit log in another process names a session by the same hash, and none has its id",
    async check(subject, formatName) {
      const fixture = createFixture(subject, formatName);
      const channel = createMemoryChannel();
      const processes = [channel, channel.another()].map((each) => fixture.process({ channel: each }));
      const logs = processes.map((sessions) => {
        const log: AuditEntry[] = [];
        sessions.subscribe((event) => log.push(subject.auditEntryOf(event, sessions)));
        return log;
      });
      const [here = fixture.sessions] = processes;
      const session = await here.create();
      const ids = [session.id];
      session.set("a", 1);
      await session.save();
      await session.regenerate();
      ids.push(session.id);
      await session.destroy();
      await Promise.all(processes.map((sessions) => sessions.close()));
      const named = logs.map((log) =>
        log.map(({ type, keyHash, previousKeyHash }) => ({ type, keyHash, previousKeyHash })),
      );
      assert.equal(named[0]?.length, 3);
      assert.deepEqual(named[0], named[1]);
      for (const id of ids) assert(!JSON.stringify(logs).includes(id));
    },
  },
];
