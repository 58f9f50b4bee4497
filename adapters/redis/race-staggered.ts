import { type Clock, SessionError } from "sessionwire";
import { scheduleDeadline } from "sessionwire/backend";
import type { CancellableTask } from "./cancellable-task.ts";

/** Delay before the next server is asked, in ms, which is the most that a server without an answer costs. */
const STAGGER_MS = 100;

/**
 * Returns the first answer of several servers that know the same. They are asked in turn: the next one when one has
 * failed, or has not answered for a moment.
 */
export function raceStaggered<T>(
  asks: readonly (() => CancellableTask<T>)[],
  timeoutMs: number,
  clock: Clock,
): CancellableTask<T> {
  const running = new Set<CancellableTask<T>>();
  let cancel: CancellableTask<T>["cancel"] = () => {};
  const result = new Promise<T>((resolve, reject) => {
    const waiting = [...asks];
    let isOver = false;
    let cancelNext = () => {};
    const cancelTimer = scheduleDeadline(clock, () => cancel(noAnswer(timeoutMs)), timeoutMs);
    const end = (settle: () => void) => {
      if (isOver) return;
      isOver = true;
      cancelTimer();
      cancelNext();
      settle();
      for (const task of running) task.cancel(new SessionError("unavailable", "Another server was faster."));
    };
    cancel = (reason) => end(() => reject(reason));
    const askNext = () => {
      cancelNext();
      const task = waiting.shift()?.();
      if (task === undefined) return;
      running.add(task);
      if (waiting.length > 0) cancelNext = clock.schedule(askNext, STAGGER_MS);
      task.result.then(
        (answer) => {
          running.delete(task);
          end(() => resolve(answer));
        },
        (error: unknown) => {
          running.delete(task);
          if (isOver) return;
          if (waiting.length > 0) askNext();
          else if (running.size === 0) cancel(error);
        },
      );
    };
    askNext();
  });
  return { result, cancel: (reason) => cancel(reason) };
}

function noAnswer(timeoutMs: number): SessionError {
  return new SessionError("timeout", `No Redis server answered within ${timeoutMs} ms.`);
}
