import { SessionError, type SessionHandler } from "sessionwire";

/** A handler whose store may fall silent or fail. */
export interface TroubledHandler extends SessionHandler {
  /** What becomes of every call from now on. Those that got no answer fail when the store comes back. */
  trouble: "none" | "silent" | "failing";
  /** How many calls have reached it. */
  readonly calls: number;
  /** Called when something was read. */
  onRead: () => void;
  /** Called when something is about to be written. */
  onWrite: () => void;
}

export function withTrouble(handler: SessionHandler): TroubledHandler {
  let calls = 0;
  let trouble: TroubledHandler["trouble"] = "none";
  const waiting: (() => void)[] = [];
  const attempt = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    calls += 1;
    if (trouble === "none") return call();
    if (trouble === "silent") await new Promise<void>((resolve) => waiting.push(resolve));
    throw new SessionError("unavailable", "The store is away.", { outcome: "not-applied" });
  };
  const troubled: TroubledHandler = {
    onRead: () => {},
    onWrite: () => {},
    get trouble() {
      return trouble;
    },
    set trouble(next) {
      trouble = next;
      for (const answer of waiting.splice(0)) answer();
    },
    get calls() {
      return calls;
    },
    async read(...args) {
      const stored = await attempt(() => handler.read(...args));
      troubled.onRead();
      return stored;
    },
    write(...args) {
      troubled.onWrite();
      return attempt(() => handler.write(...args));
    },
    touch: (...args) => attempt(() => handler.touch(...args)),
    destroy: (...args) => attempt(() => handler.destroy(...args)),
    close: () => handler.close(),
    [Symbol.asyncDispose]: () => handler.close(),
  };
  return troubled;
}
