import assert from "node:assert/strict";
import { createVirtualClock } from "sessionwire/testing";
import { codeOf, minute, type PaperCheck, second } from "./check.ts";
import { openPaperStage } from "./stage.ts";
import { openStore } from "./store.ts";

/** The life of a socket whose session ends, or whose store cannot tell. */
export const endingChecks: readonly PaperCheck[] = [
  {
    claim: "all sockets of a session close when it is destroyed, whatever id it has by then",
    async check(parts) {
      await using stage = openPaperStage({}, {}, parts);
      const session = await stage.signIn();
      const pairs = [await stage.connect(session), await stage.connect(session)];
      await session.regenerate();
      for (const { port } of pairs) assert.equal(codeOf(port), undefined);
      await session.destroy();
      for (const { port } of pairs) assert.equal(codeOf(port), 1008);
    },
  },
  {
    claim: "a session that has ended elsewhere is found out at the next look",
    async check(parts) {
      const clock = createVirtualClock();
      const store = openStore(clock);
      await using stage = openPaperStage({}, { handler: store.handler }, { ...parts, clock });
      const { port } = await stage.connect(await stage.signIn());
      await store.endElsewhere();
      await stage.clock.advance(2 * minute);
      assert.equal(codeOf(port), 1008);
    },
  },
  {
    claim: "a socket whose session nobody can look at is closed with 1013, and not before",
    async check(parts) {
      const clock = createVirtualClock();
      const store = openStore(clock);
      const times = { revalidateEverySeconds: 30, maxStalenessSeconds: 120 };
      await using stage = openPaperStage(times, { handler: store.handler }, { ...parts, clock });
      const { port, socket } = await stage.connect(await stage.signIn());
      port.ping = () => socket.heard();
      store.fail();
      await stage.clock.advance(115 * second);
      assert.equal(codeOf(port), undefined);
      await stage.clock.advance(10 * second);
      assert.equal(codeOf(port), 1013);
    },
  },
  {
    claim: "messages keep a session alive, and a socket alone does not",
    async check(parts) {
      for (const speaks of [true, false]) {
        await using stage = openPaperStage({ onMessage() {} }, { idleTimeoutSeconds: 600 }, parts);
        const { port, socket } = await stage.connect(await stage.signIn());
        port.ping = () => socket.heard();
        for (let count = 0; count < 12; count += 1) {
          await stage.clock.advance(minute);
          if (speaks) socket.received("x");
        }
        await stage.clock.advance(second);
        assert.equal(codeOf(port), speaks ? undefined : 1008);
      }
    },
  },
  {
    claim: "a session that expires between two looks is noticed at once",
    async check(parts) {
      const times = { revalidateEverySeconds: 3600, maxStalenessSeconds: 7200 };
      await using stage = openPaperStage(times, { idleTimeoutSeconds: 20_000, lifetimeSeconds: 20_000 }, parts);
      const { port, socket } = await stage.connect(await stage.signIn());
      port.ping = () => socket.heard();
      await stage.clock.advance(20_000 * second + 150);
      assert.equal(codeOf(port), 1008);
    },
  },
];
