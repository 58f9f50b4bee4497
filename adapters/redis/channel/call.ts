import { type Clock, SessionError } from "sessionwire";
import { type Call, scheduleDeadline } from "sessionwire/backend";

/**
 * Runs a task over connections that belongs to no operation. It rejects when its time is up, or when the channel ends.
 */
export function callWithin<T>(
  { clock, ending }: { readonly clock: Clock; readonly ending: AbortSignal },
  ms: number,
  run: (call: Call) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const controller = new AbortController();
    const { signal } = controller;
    let hasEnded = false;
    const call: Call = {
      get ended() {
        return hasEnded;
      },
      get aborted() {
        return signal.aborted;
      },
      get reason(): unknown {
        return signal.reason;
      },
      signal,
      addEventListener: (type, listener) => signal.addEventListener(type, listener),
      removeEventListener: (type, listener) => signal.removeEventListener(type, listener),
      notSentYet() {},
      send: (request) => (hasEnded ? Promise.reject(ended()) : request()),
    };
    const end = (settle: () => void) => {
      if (hasEnded) return;
      hasEnded = true;
      cancelTimer();
      ending.removeEventListener("abort", close);
      settle();
    };
    const giveUp = (error: SessionError) =>
      end(() => {
        reject(error);
        controller.abort(error);
      });
    const close = () => giveUp(ended());
    const cancelTimer = scheduleDeadline(clock, () => giveUp(noAnswer(ms)), ms);
    ending.addEventListener("abort", close);
    if (ending.aborted) return close();
    run(call).then(
      (value) => end(() => resolve(value)),
      (error: unknown) => end(() => reject(error)),
    );
  });
}

function ended(): SessionError {
  return new SessionError("closed", "The channel is closed.");
}

function noAnswer(ms: number): SessionError {
  return new SessionError("timeout", `Redis did not answer the channel within ${ms} ms.`);
}

/** Waits for the given time, or until the end. */
export function pause(
  { clock, ending }: { readonly clock: Clock; readonly ending: AbortSignal },
  ms: number,
): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      ending.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.schedule(end, ms);
    ending.addEventListener("abort", end);
    if (ending.aborted) end();
  });
}

/**
 * Returns the delay before the next attempt, in ms. The first attempt after a failure is made at once; later ones are
 * spaced more and more, with jitter, so that processes do not act simultaneously.
 */
export function delayAfter(failures: number): number {
  return failures <= 1 ? 0 : Math.min(1000, 25 * 2 ** failures) * (0.5 + Math.random() / 2);
}
