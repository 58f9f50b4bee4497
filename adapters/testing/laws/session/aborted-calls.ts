import assert from "node:assert/strict";
import type { Session } from "sessionwire";
import type { ScriptedMethod } from "../../scripted-handler.ts";
import { given, opened, outcomeOf, stored } from "./actions.ts";
import type { SessionFixture } from "./fixture.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** A call that was given up as not applied has no effect later. */
export const abortedCallLaws: readonly SessionLaw[] = [
  inEveryFormat(102, "a call that was given up as not applied has no effect later", async (fixture) => {
    for (const method of ["read", "write", "destroy", "touch"] as const) {
      for (const act of [touch, regenerate, destroy, destroyById]) {
        await tryToGiveUp(fixture.anew({ touchEverySeconds: 0 }), method, act);
      }
    }
  }),
];

async function tryToGiveUp(fixture: SessionFixture, method: ScriptedMethod, act: Act): Promise<void> {
  const id = await given(fixture, { count: 0 });
  const holder = await opened(fixture.sessions, id);
  const held = fixture.handler.hold(method);
  const abort = new AbortController();
  const acting = outcomeOf(act(holder, fixture, abort.signal));
  const isHeld = await Promise.race([held.arrived.then(() => true), acting.then(() => false)]);
  abort.abort();
  held.release();
  const result = await acting;
  await fixture.sessions.close();
  assert.equal(result === "stored", !isHeld);
  if (result === "not-applied") assert.deepEqual(await stored(fixture, id), { count: 0 });
  if (result === "not-applied") assert.notEqual(act, touch, "A touch that was sent may have been applied.");
}

type Act = (holder: Session, fixture: SessionFixture, signal: AbortSignal) => Promise<void>;

const touch: Act = (holder, _, signal) => holder.touch({ signal });
const regenerate: Act = (holder, _, signal) => holder.regenerate({ signal });
const destroy: Act = (holder, _, signal) => holder.destroy({ signal });
const destroyById: Act = ({ id }, { sessions }, signal) => sessions.destroy(id, { signal });
