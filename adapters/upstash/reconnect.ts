import { type Clock, SessionError } from "sessionwire";
import { scheduleDeadline } from "sessionwire/backend";

/** Time in ms that pings wait for each other, and for an answer before more are sent. */
const PATIENCE_MS = 250;

/** Maximum number of pings that are sent at once. */
const LIMIT = 64;

/**
 * Sends as many pings at once as there were concurrent requests, and resolves when one was answered and the others have
 * had their time. If none is answered, sends as many again, and then one after the other.
 *
 * @remarks
 * `fetch` keeps connections open, and cannot be told to drop them. A dead connection is not reported as such, and a
 * request on it gets no answer. But two requests never share a connection at the same time, and a request that is given
 * up closes its connection. If all connections are dead, the pings soon occupy all of them, and once a ping is answered
 * on a new one, no dead one is left. There can be twice as many connections as there were requests, because `fetch` is
 * late to notice that a connection is free.
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
