import { settled } from "../../virtual-clock.ts";
import { holds, type Step } from "../contract.ts";
import { begin, type Call } from "./calls.ts";
import { expectAborted, isAborted } from "./expectations.ts";
import type { RunningCall } from "./running-call.ts";
import type { Scene } from "./scene.ts";
import { step } from "./step.ts";

export function abortedInside(call: Call): Step<Scene> {
  return step(call, `${call.words} aborted while the store is silent`, async (scene, by) => {
    scene.store.beSilent();
    const controller = new AbortController();
    const running = begin(call, scene, by(0), controller.signal);
    await scene.until(running, () => running.asked.length > 0 || running.hasSettled);
    await giveUp(scene, call, running, controller);
    scene.store.behave();
  });
}

export function aborted(call: Call, turns: number): Step<Scene> {
  return step(call, `${call.words} aborted after ${turns} turns`, async (scene, by) => {
    const controller = new AbortController();
    const running = begin(call, scene, by(0), controller.signal);
    for (let turn = 0; turn < turns; turn += 1) await undefined;
    await giveUp(scene, call, running, controller);
    await settled(); // reveals work that continues nevertheless
    scene.expectNothingLate();
  });
}

/** Checks that a call that is given up ends in the same turn, and that nothing is sent afterwards. */
async function giveUp(scene: Scene, call: Call, running: RunningCall, controller: AbortController): Promise<void> {
  const reason = new Error("The visitor has left.");
  const [hadSettled, asked] = [running.hasSettled, running.asked.length];
  controller.abort(reason);
  await new Promise<void>((resolve) => process.nextTick(resolve));
  holds(39, running.hasSettled, `${call.words} continues after it was aborted`);
  holds(39, running.asked.length === asked, `${call.words} is passed on after it was aborted`);
  const made = await scene.conclude(running);
  if (!hadSettled && isAborted(made)) expectAborted(made, reason);
  else call.expect(scene, made);
}
