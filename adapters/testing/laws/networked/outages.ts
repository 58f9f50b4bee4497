import assert from "node:assert/strict";
import { withConnectionCheck } from "sessionwire";
import { plain } from "../answers.ts";
import { bytes, rejects } from "../law.ts";
import { createSession, type NetworkedLaw, operationsOn, slackMs, textAt, tryOut, ttlSeconds } from "./fixture.ts";
import { inTime, turn, until } from "./waiting.ts";

const timeoutMs = 300;
const gone = { written: false, current: undefined };

/** A server that is down, restarted or frozen. */
export const outageLaws: readonly NetworkedLaw[] = [
  {
    law: 32,
    says: "a server that is down is an error at once, never an absent session, and is used again when it is back (law 38)",
    async check({ server, openAt }) {
      const handler = openAt(server.port, { timeoutMs });
      const checked = withConnectionCheck(openAt(server.port, { timeoutMs }));
      const { id, version } = await createSession(handler);
      await checked.read(id);
      server.freeze();
      const underWay = [handler, checked].map((each) => rejects(each.read(id), "unavailable", "any"));
      await turn();
      await server.kill();
      await Promise.all(underWay);
      for (const each of [handler, checked]) {
        for (const { changes, run } of operationsOn(id, version)) {
          await inTime(slackMs, rejects(run(each), "unavailable", changes ? "not-applied" : "any"));
        }
        for (const call of [each.ping(), each.reconnect()]) await rejects(call, "unavailable", "any");
      }
      await server.restart();
      assert.equal(await handler.touch(id, ttlSeconds), false);
      assert.deepEqual(await checked.write(id, bytes("second"), { replaces: version, ttlSeconds }), gone);
    },
  },
  {
    law: 41,
    says: "a server that has lost its data has no sessions, and a replacing write or a touch creates none (law 22)",
    async check({ server, openAt }) {
      const handler = openAt(server.port);
      const { id, version } = await createSession(handler);
      await server.restart();
      await untilAnswered(() => handler.read(id));
      assert.equal(await handler.read(id), undefined);
      assert.equal(await handler.touch(id, ttlSeconds), false);
      assert.deepEqual(await handler.write(id, bytes("back"), { replaces: version, ttlSeconds }), gone);
      assert.deepEqual(await handler.destroy(id, { replaces: version }), { destroyed: false, current: undefined });
      assert.equal(await handler.read(id, { ttlSeconds }), undefined);
    },
  },
  {
    law: 23,
    says: "a version from before a restart matches no later state",
    async check({ server, openAt }) {
      const handler = openAt(server.port);
      const { id, version } = await createSession(handler);
      await server.restart();
      await untilAnswered(() => handler.read(id));
      assert.ok((await handler.write(id, bytes("after"), { replaces: undefined, ttlSeconds })).written);
      const current = plain(await handler.read(id));
      const late = { written: false, current };
      assert.deepEqual(plain(await handler.write(id, bytes("late"), { replaces: version, ttlSeconds })), late);
      assert.deepEqual(plain(await handler.destroy(id, { replaces: version })), { destroyed: false, current });
      assert.deepEqual(plain(await handler.read(id)), current);
    },
  },
  {
    law: 37,
    says: "calls to a frozen server end by their deadline, and their late effects do no harm (laws 34 and 38)",
    async check({ server, openAt }) {
      const handler = openAt(server.port, { timeoutMs });
      const { id, version } = await createSession(handler);
      const other = await createSession(handler);
      await tryOut(handler, "write");
      server.freeze();
      await inTime(timeoutMs + slackMs, rejects(handler.read(id), "timeout"));
      const inDoubt = () => handler.write(id, bytes("in doubt"), { replaces: version, ttlSeconds });
      const changes = [
        inDoubt(),
        inDoubt(),
        handler.touch(id, ttlSeconds),
        handler.destroy(other.id, { replaces: other.version }),
      ];
      const settling = Promise.all(changes.map((change) => rejects(change, "timeout", "unknown")));
      await inTime(timeoutMs + slackMs, settling);
      server.thaw();
      await until(async () => (await textAt(handler, id).catch(() => undefined)) === "in doubt");
      const seen = await handler.read(id);
      assert.ok((await handler.write(id, bytes("third"), { replaces: seen?.version, ttlSeconds })).written);
      const late = await inDoubt();
      assert.ok(!late.written);
      assert.deepEqual(late.current?.data, bytes("third"));
    },
  },
  {
    law: 58,
    says: "a check gives up a frozen server in time, and the first call after that succeeds (law 60)",
    async check({ server, openAt }) {
      const limits = { everySeconds: 0, pingTimeoutMs: 150, reconnectTimeoutMs: 300 };
      const checked = withConnectionCheck(openAt(server.port), limits);
      const { id, version } = await createSession(checked);
      server.freeze();
      const write = () => checked.write(id, bytes("second"), { replaces: version, ttlSeconds });
      await inTime(450 + slackMs, rejects(write(), "unavailable", "not-applied"));
      server.thaw();
      assert.ok((await write()).written);
    },
  },
];

/** The first call may be the one that detects that the connection was lost with the server. */
async function untilAnswered(call: () => Promise<unknown>): Promise<void> {
  await until(() =>
    call().then(
      () => true,
      () => false,
    ),
  );
}
