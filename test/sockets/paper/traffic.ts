import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { gate } from "../../fixtures/gate.ts";
import { codeOf, type PaperCheck, second } from "./check.ts";
import { openPaperStage } from "./stage.ts";

/** The messages that come in, and those that do not. */
export const trafficChecks: readonly PaperCheck[] = [
  {
    claim: "a peer that does not answer is asked and cut off, and one that does is not",
    async check(parts) {
      await using stage = openPaperStage({ heartbeatSeconds: 5 }, {}, parts);
      const session = await stage.signIn();
      const [silent, alive] = [await stage.connect(session), await stage.connect(session)];
      alive.port.ping = () => alive.socket.heard();
      await stage.clock.advance(12 * second);
      assert.deepEqual([silent.port.pings, codeOf(silent.port), silent.port.isCutOff], [1, 4408, true]);
      assert.equal(alive.port.isCutOff, false);
    },
  },
  {
    claim: "messages are handled one after the other, and what fails is told",
    async check(parts) {
      const log: unknown[] = [];
      const onMessage = async (_: unknown, message: unknown) => {
        log.push(`${message} begins`);
        await setImmediate();
        log.push(`${message} ends`);
        if (message === 1) throw new Error("It failed.");
      };
      await using stage = openPaperStage({ onMessage }, {}, parts);
      const { socket } = await stage.connect(await stage.signIn());
      for (const message of [1, 2, 3]) socket.received(message);
      await turns(20);
      assert.deepEqual(
        log,
        [1, 2, 3].flatMap((each) => [`${each} begins`, `${each} ends`]),
      );
      assert.equal(stage.events.filter(({ type }) => type === "failed").length, 1);
    },
  },
  {
    claim: "who sends faster than messages are handled has to wait, and is read again",
    async check(parts) {
      const { opened, open } = gate<void>();
      await using stage = openPaperStage({ onMessage: () => opened }, {}, parts);
      const { port, socket } = await stage.connect(await stage.signIn());
      for (let count = 0; count < 70; count += 1) socket.received("x");
      assert.equal(port.isReading, false);
      open();
      await turns(20);
      assert.equal(port.isReading, true);
    },
  },
  {
    claim: "nothing is handled that waits when its session ends",
    async check(parts) {
      const { opened, open } = gate<void>();
      const seen: unknown[] = [];
      const onMessage = (_: unknown, message: unknown) => {
        seen.push(message);
        return opened;
      };
      await using stage = openPaperStage({ onMessage }, {}, parts);
      const session = await stage.signIn();
      const { socket } = await stage.connect(session);
      for (const message of [1, 2]) socket.received(message);
      await session.destroy();
      open();
      await turns(5);
      assert.deepEqual(seen, [1]);
    },
  },
];

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate();
}
