import { type Clock, SessionError, type SessionHandler } from "sessionwire";

/** What becomes of the calls to a store: it answers, fails, does not answer in this mood, or answers after so many milliseconds. */
export type Mood = "none" | "failing" | "silent" | number;

export interface MoodyHandler extends SessionHandler {
  mood: Mood;
  /** How many calls wait for time to pass, since the mood was set last. */
  readonly waiting: number;
}

/** A store whose answers come in the time of a clock that is there only later. */
export function withMood(handler: SessionHandler, clock: () => Clock): MoodyHandler {
  let mood: Mood = "none";
  let waiting = 0;
  const unanswered: (() => void)[] = [];
  const attempt = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    if (mood === "failing") throw new SessionError("unavailable", "The store is away.", { outcome: "not-applied" });
    if (mood === "none") return call();
    const delayMs = mood;
    waiting += 1;
    await new Promise<void>((resolve) => {
      if (delayMs === "silent") unanswered.push(resolve);
      else clock().schedule(resolve, delayMs);
    });
    waiting = Math.max(0, waiting - 1);
    return call();
  };
  return {
    get mood() {
      return mood;
    },
    set mood(next) {
      mood = next;
      waiting = 0;
      for (const answer of unanswered.splice(0)) answer();
    },
    get waiting() {
      return waiting;
    },
    read: (...args) => attempt(() => handler.read(...args)),
    write: (...args) => attempt(() => handler.write(...args)),
    touch: (...args) => attempt(() => handler.touch(...args)),
    destroy: (...args) => attempt(() => handler.destroy(...args)),
    close: () => handler.close(),
    [Symbol.asyncDispose]: () => handler.close(),
  };
}
