import { isSessionError, type SessionHandler, type StoredSession, type Version } from "sessionwire";
import { describeContent, describeEntry, type HistoryCall, type HistoryEntry } from "./history-entry.ts";
import { text } from "./laws/law.ts";
import { checkLinearizability, type Verdict } from "./linearizability.ts";

/**
 * Records the calls on any number of handlers of one store, and decides whether they can be explained.
 *
 * @public
 */
export interface History {
  /** Returns a handler that passes on all calls and records them. Every write must have unique content. */
  record(handler: SessionHandler): SessionHandler;
  /** The recorded entries, by id. */
  readonly entries: ReadonlyMap<string, readonly HistoryEntry[]>;
  /** Returns the worst verdict over all ids. `maxStates` limits the search for each. */
  check(maxStates?: number): Verdict;
  /** Returns the entries in words, one per line. */
  describe(): string;
}

/**
 * Begins a history. Start it before the first session is created: earlier sessions cannot be explained.
 *
 * @public
 */
export function createHistory(): History {
  const entries = new Map<string, HistoryEntry[]>();
  const contents = new Map<Version, string>();
  let moment = 0;

  return {
    entries,
    record: (handler) => ({
      read: (id, options) =>
        made(
          id,
          () => ({ kind: "read" }),
          () => handler.read(id, options),
          shown,
        ),
      write: (id, data, options) =>
        made(
          id,
          () => ({ kind: "write", replaces: contentOf(options.replaces), data: text(data) ?? "" }),
          () => handler.write(id, data, options),
          (result) => {
            if (!result.written) return `refused: ${shown(result.current)}`;
            contents.set(result.version, text(data) ?? "");
            return "written";
          },
        ),
      touch: (id, ttlSeconds, options) =>
        made(
          id,
          () => ({ kind: "touch" }),
          () => handler.touch(id, ttlSeconds, options),
          String,
        ),
      destroy: (id, options) =>
        made(
          id,
          () => ({ kind: "destroy", replaces: contentOf(options?.replaces) }),
          () => handler.destroy(id, options),
          (result) => (result.destroyed ? "destroyed" : `refused: ${shown(result.current)}`),
        ),
      close: () => handler.close(),
      [Symbol.asyncDispose]: () => handler.close(),
    }),
    check(maxStates) {
      const verdicts = [...entries.values()].map((each) => checkLinearizability(each, maxStates));
      return (
        verdicts.find((each) => each === "not linearizable") ??
        verdicts.find((each) => each === "unknown") ??
        "linearizable"
      );
    },
    describe: () =>
      [...entries]
        .flatMap(([id, each]) => each.map((entry) => `${JSON.stringify(id)} ${describeEntry(entry)}`))
        .join("\n"),
  };

  async function made<T>(
    id: string,
    callOf: () => HistoryCall,
    run: () => Promise<T>,
    answerOf: (result: T) => string,
  ): Promise<T> {
    const call = callOf();
    const startedAt = next();
    const note = (endedAt: number, answer: string) => {
      const list = entries.get(id) ?? [];
      entries.set(id, list);
      list.push({ call, startedAt, endedAt, answer });
    };
    try {
      const result = await run();
      note(next(), answerOf(result));
      return result;
    } catch (error) {
      // A call that was not applied has no place in the history; any other failure leaves its effect unknown.
      if (!isSessionError(error) || error.outcome !== "not-applied") note(Number.POSITIVE_INFINITY, "unknown");
      throw error;
    }
  }

  function shown(session: StoredSession | undefined): string {
    if (session) contents.set(session.version, text(session.data) ?? "");
    return describeContent(text(session?.data));
  }

  function contentOf(version: Version | undefined): string | undefined {
    return version && (contents.get(version) ?? "content that nobody has seen");
  }

  function next(): number {
    moment += 1;
    return moment;
  }
}
