import { type Clock, SessionError } from "sessionwire";
import { scheduleDeadline } from "sessionwire/backend";

/** How long pings wait for each other, and for an answer before more are sent. */
const PATIENCE_MS = 250;

/** How many pings are sent at once, at most. */
const LIMIT = 64;

/**
 * Sends as many pings at once as there were requests at a time, and resolves when one was answered and the others have had their
 * time. Where none is, sends as many again, and then one after the other.
 *
 * @remarks
 * Connections are kept open behind `fetch`, and nobody can tell it to leave them. Those that are dead do not say so, and a request
 * on one of them has no answer. But no two requests are on one connection at a time, and one that is given up takes its connection
 * with it: so when all are dead, the pings are soon on all of them, and the one that is answered, on a new one, leaves none behind.
 * There can be twice as many as there were requests, because `fetch` notices late that a connection is free.
 */
export function pingConnections(
  most: number,
  ping: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
  clock: Clock,
): Promise<void> {
  const pings = new AbortController();
  const count = Math.min(most, LIMIT);
  return new Promise((resolve, reject) => {
    let waves = 0;
    let waiting = 0;
    let hasAnswer = false;
    let cancelTimer = () => {};
    const end = (settle: () => void) => {
      cancelTimer();
      signal.removeEventListener("abort", giveUp);
      settle();
      pings.abort(new SessionError("unavailable", "Another request to Upstash was answered."));
    };
    const giveUp = () => end(() => reject(signal.reason));
    const answered = () => {
      waiting -= 1;
      if (waiting === 0) return end(resolve);
      if (!hasAnswer) wait(() => end(resolve));
      hasAnswer = true;
    };
    const failed = (error: unknown) => {
      waiting -= 1;
      if (waiting === 0) end(() => (hasAnswer ? resolve() : reject(error)));
    };
    const send = () => {
      waiting += 1;
      ping(pings.signal).then(answered, failed);
    };
    const sendMore = () => {
      waves += 1;
      for (let left = waves <= 2 ? count : 1; left > 0; left -= 1) send();
      wait(sendMore);
    };
    const wait = (next: () => void) => {
      cancelTimer();
      cancelTimer = scheduleDeadline(clock, next, PATIENCE_MS);
    };
    signal.addEventListener("abort", giveUp);
    sendMore();
  });
}
