import assert from "node:assert/strict";
import fc from "fast-check";
import { isSessionError, type SessionHandler, type Version } from "sessionwire";
import { createHistory, createVirtualClock, simulateNetwork, type VirtualClock } from "sessionwire/testing";
import { bytes, partsOf, type Subject } from "../laws/law.ts";

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
      const history = createHistory();
      const handler = history.record(decorate(subject, network.handler, clock));
      const left = [...planned];
      network.fate = () => left.shift() ?? { latencyMs: 1, lost: false };
      let writes = 0;
      const running = plans.map(async (plan) => {
        let seen: Version | undefined;
        for (const kind of plan) {
          writes += 1;
          seen = await perform(handler, kind, seen, `content ${writes}`);
        }
      });
      await clock.advance(10_000);
      await Promise.all(running);
      network.fate = undefined;
      const last = handler.read("s");
      await clock.advance(10_000);
      await last;
      assert.ok(history.check() === "linearizable", `Not linearizable:\n${history.describe()}`);
    });
}

/** One call on the session, with what was seen of it last; gives what is seen then. What fails leaves that as it is. */
export async function perform(
  handler: SessionHandler,
  kind: string,
  seen: Version | undefined,
  content: string,
): Promise<Version | undefined> {
  try {
    return await versionAfter(handler, kind, seen, content);
  } catch (error) {
    assert.ok(isSessionError(error), String(error));
    return seen;
  }
}

async function versionAfter(
  handler: SessionHandler,
  kind: string,
  seen: Version | undefined,
  content: string,
): Promise<Version | undefined> {
  const ttlSeconds = 3600;
  if (kind === "read") return (await handler.read("s"))?.version;
  if (kind === "touch") {
    await handler.touch("s", ttlSeconds);
    return seen;
  }
  if (kind === "create" || kind === "replace") {
    const replaces = kind === "create" ? undefined : seen;
    const result = await handler.write("s", bytes(content), { replaces, ttlSeconds });
    return result.written ? result.version : result.current?.version;
  }
  const result = await handler.destroy("s", kind === "destroy" || seen === undefined ? {} : { replaces: seen });
  return result.destroyed ? undefined : result.current?.version;
}
