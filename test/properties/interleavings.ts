import assert from "node:assert/strict";
import fc from "fast-check";
import { isSessionError, type SessionHandler, type StoredSession, type Version } from "sessionwire";
import {
  checkLinearizability,
  createVirtualClock,
  describeContent,
  type HistoryCall,
  type HistoryEntry,
  simulateNetwork,
  type VirtualClock,
} from "sessionwire/testing";
import { bytes, partsOf, type Subject, text } from "../laws/law.ts";

export const kinds = fc.constantFrom(
  "read",
  "create",
  "replace",
  "replace",
  "touch",
  "destroy",
  "destroy what was read",
);
/** What each of several clients does, one call after the other, all on one session. */
const clients = fc.array(fc.array(kinds, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 3 });
/** How long each message takes, and whether it is lost. Used up in order; the rest take a moment and arrive. */
export const fates = fc.array(
  fc.record({ latencyMs: fc.nat(7), lost: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, fc.boolean()) }),
);

/** Under every interleaving, with messages lost in either direction, the history of a session is linearizable (law 30). */
export function interleavingsProperty(
  decorate: (subject: Subject, handler: SessionHandler, clock: VirtualClock) => SessionHandler,
) {
  return (subject: Subject) =>
    fc.asyncProperty(clients, fates, async (plans, planned) => {
      const clock = createVirtualClock();
      const network = simulateNetwork({ ...partsOf(subject, clock), clock, timeoutMs: 50 });
      const handler = decorate(subject, network.handler, clock);
      const left = [...planned];
      network.fate = () => left.shift() ?? { latencyMs: 1, lost: false };
      const history: HistoryEntry[] = [];
      let writes = 0;
      const running = plans.map(async (plan) => {
        const seen = { content: undefined as string | undefined, version: undefined as Version | undefined };
        for (const kind of plan) {
          writes += 1;
          history.push(await perform(handler, clock, kind, seen, `content ${writes}`));
        }
      });
      await clock.advance(10_000);
      await Promise.all(running);
      network.fate = undefined;
      const last = perform(handler, clock, "read", { content: undefined, version: undefined }, "");
      await clock.advance(10_000);
      history.push(await last);
      assert.ok(
        checkLinearizability(history) === "linearizable",
        `Not linearizable:\n${history.map(print).join("\n")}`,
      );
    });
}

export interface Seen {
  content: string | undefined;
  version: Version | undefined;
}

export async function perform(
  handler: SessionHandler,
  clock: Pick<VirtualClock, "monotonic">,
  kind: string,
  seen: Seen,
  data: string,
): Promise<HistoryEntry> {
  const startedAt = clock.monotonic();
  const call = callOf(kind, seen, data);
  const { version } = seen;
  try {
    const answer = await answerOf(handler, call, version, seen);
    return { call, startedAt, endedAt: clock.monotonic(), answer };
  } catch (error) {
    assert.ok(isSessionError(error), String(error));
    if (error.outcome === "not-applied" || call.kind === "read")
      return { call: { kind: "read" }, startedAt, endedAt: Infinity, answer: "unknown" };
    return { call, startedAt, endedAt: Infinity, answer: "unknown" };
  }
}

function callOf(kind: string, { content }: Seen, data: string): HistoryCall {
  if (kind === "read" || kind === "touch") return { kind };
  if (kind === "create") return { kind: "write", replaces: undefined, data };
  if (kind === "replace") return { kind: "write", replaces: content, data };
  return { kind: "destroy", replaces: kind === "destroy" ? undefined : content };
}

async function answerOf(
  handler: SessionHandler,
  call: HistoryCall,
  version: Version | undefined,
  seen: Seen,
): Promise<string> {
  const note = (found: StoredSession | undefined) => {
    seen.content = text(found?.data);
    seen.version = found?.version;
    return describeContent(seen.content);
  };
  switch (call.kind) {
    case "read":
      return note(await handler.read("s"));
    case "touch":
      return String(await handler.touch("s", 3600));
    case "write": {
      const replaces = call.replaces === undefined ? undefined : version;
      const result = await handler.write("s", bytes(call.data), { replaces, ttlSeconds: 3600 });
      if (!result.written) return `refused: ${note(result.current)}`;
      note({ data: bytes(call.data), version: result.version });
      return "written";
    }
    case "destroy": {
      const replaces = call.replaces === undefined ? {} : { replaces: version };
      const result = await handler.destroy("s", replaces);
      return result.destroyed ? "destroyed" : `refused: ${note(result.current)}`;
    }
  }
}

export function print({ call, startedAt, endedAt, answer }: HistoryEntry): string {
  return `${startedAt} to ${endedAt} ms: ${JSON.stringify(call)} -> ${answer}`;
}
