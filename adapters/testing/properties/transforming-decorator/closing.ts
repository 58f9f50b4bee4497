import type { SessionError, SessionHandler } from "sessionwire";
import { settled } from "../../virtual-clock.ts";
import { holds, type Step } from "../contract.ts";
import { begin, type Call, destroy, make, read, touch, write } from "./calls.ts";
import { contentOf, ids } from "./contents.ts";
import { expectKnown, isClosed } from "./expectations.ts";
import type { Scene } from "./scene.ts";

/** Ends a story: all handlers are closed, the first one during a call. */
export function close(last: Call): Step<Scene> {
  return {
    words: `${last.words}, and close at once`,
    async take(scene) {
      const [first, ...others] = scene.handlers as [SessionHandler, ...SessionHandler[]];
      if (last.method in first) await closeDuring(last, first, scene);
      else await closeOnce(first, scene);
      for (const handler of others) await closeOnce(handler, scene);
      await settled(); // reveals work that continues nevertheless
      scene.expectNothingLate();
      for (const call of afterClose) await expectRefused(call, first, scene);
    },
  };
}

const afterClose = [read(ids[0]), write(ids[0], contentOf("x")), touch(ids[0], 60), destroy(ids[0])];

/** A call under way has its answer, or ends in the same turn. */
async function closeDuring(call: Call, handler: SessionHandler, scene: Scene): Promise<void> {
  const running = begin(call, scene, handler);
  const asked = running.asked.length;
  const closing = closeOnce(handler, scene);
  await new Promise<void>((resolve) => process.nextTick(resolve));
  holds(40, running.hasSettled, `${call.words} continues after the handler was closed`);
  holds(40, running.asked.length === asked, `${call.words} is passed on after the handler was closed`);
  const made = await scene.conclude(running);
  if (isClosed(made)) expectKnown(made);
  else call.expect(scene, made);
  await closing;
}

async function closeOnce(handler: SessionHandler, { store }: Scene): Promise<void> {
  const before = store.closes;
  await Promise.all([handler.close(), handler.close(), handler[Symbol.asyncDispose]()]);
  holds(110, store.closes === before + 1, `The inner handler was closed ${store.closes - before} times`);
}

async function expectRefused(call: Call, handler: SessionHandler, scene: Scene): Promise<void> {
  const made = await make(call, scene, handler);
  const isRefused = isClosed(made) && made.asked.length === 0;
  holds(40, isRefused, `After the close, ${call.words} was not refused as closed`);
  const { outcome } = made.error as SessionError; // as checked above
  holds(34, call.method === "read" || outcome === "not-applied", `After the close, ${call.words} states ${outcome}`);
}
