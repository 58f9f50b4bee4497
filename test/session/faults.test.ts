import fc from "fast-check";
import { isSessionError, type Session, type SessionManager } from "sessionwire";
import { type CallBehaviour, createScriptedHandler, losesReply, losesRequest, settled } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { createFixture, type Fixture, type FormatName, given, increment, opened, stored } from "./fixture.ts";
import { subject } from "./subject.ts";

/** What may become of a write. */
type WriteFate = "made" | "made slowly" | "reply lost" | "request lost" | "no reply" | "no request" | "made too late";

const writeFate: fc.Arbitrary<WriteFate> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<WriteFate>("made", "made slowly") },
  {
    weight: 4,
    arbitrary: fc.constantFrom<WriteFate>("reply lost", "request lost", "no reply", "no request", "made too late"),
  },
);

/** Who changes the session, and whether he waits for those before him. */
interface Step {
  readonly by: "update" | "holder 1" | "holder 2" | "holder 3";
  readonly process: 0 | 1;
  readonly waits: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  by: fc.constantFrom("update", "update", "holder 1", "holder 2", "holder 3"),
  process: fc.constantFrom<(0 | 1)[]>(0, 1),
  waits: fc.boolean(),
});

type Outcome = "stored" | "not-applied" | "unknown";

describe.each(["native", "express"] as const)("however writes are lost, in the %s format", (formatName) => {
  test("what was acknowledged is there once, and nothing is there twice or in part", async () => {
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 24 }),
      fc.array(writeFate, { minLength: 1, maxLength: 24 }),
      async (steps, fates) => {
        const world = await createWorld(formatName, fates);
        const running: Promise<void>[] = [];
        for (const [index, step] of steps.entries()) {
          const act = world.act(index, step);
          running.push(act);
          if (step.waits) await act;
        }
        await Promise.all(running);
        await world.end();
        await world.check();
      },
    );
    await fc.assert(property, { numRuns: 300 });
  }, 30_000);
});

describe.each(["native", "native with a grace time", "express"] as const)("however a move goes, %s", (kind) => {
  const graceSeconds = kind === "native with a grace time" ? 30 : 0;

  test("what the old id has taken is where the session is", async () => {
    const start = fc.nat({ max: 6 });
    const property = fc.asyncProperty(
      fc.array(start, { maxLength: 6 }),
      fc.array(start, { minLength: 1, maxLength: 2 }),
      fc.array(writeFate, { minLength: 1, maxLength: 12 }),
      async (updateStarts, moveStarts, fates) => {
        const fixture = createFixture(subject, kind === "express" ? "express" : "native");
        const id = await given(fixture, { total: 0 });
        const late: Promise<unknown>[] = [];
        const [mover, updater] = [0, 1].map((offset) => processWith(fixture, fates, offset, late));
        if (!mover || !updater) return expect.fail("There are two processes.");
        const holders = await Promise.all(moveStarts.map(() => opened(mover, id)));
        const outcomes: Outcome[] = [];
        const updates = updateStarts.map(async (turns, index) => {
          await turnsLater(turns);
          const update = updater.update(id, (draft) => {
            draft.update(`of ${index}`, increment);
            draft.update("total", increment);
          });
          outcomes[index] = await outcomeOf(update);
        });
        const moves = moveStarts.map(async (turns, index) => {
          await turnsLater(turns);
          return outcomeOf(holders[index]?.regenerate({ graceSeconds }) ?? Promise.resolve());
        });
        const results = await Promise.all(moves);
        await Promise.all(updates);
        while (late.length > 0) await late.pop();
        expect(results.filter((result) => result === "stored").length).toBeLessThanOrEqual(1);
        const moved = holders[results.indexOf("stored")];
        if (moved === undefined && results.includes("unknown")) return;
        if (moved && graceSeconds === 0) expect(await stored(fixture, id)).toBeUndefined();
        const { total, ...counts } = (await stored(fixture, moved?.id ?? id)) ?? expect.fail("The session is lost.");
        for (const [index, outcome] of outcomes.entries()) {
          const count = counts[`of ${index}`] ?? 0;
          if (outcome !== "unknown") expect(count).toBe(outcome === "stored" ? 1 : 0);
        }
        expect(total).toBe(Object.values(counts).reduce<number>((sum, count) => sum + Number(count), 0));
      },
    );
    await fc.assert(property, { numRuns: 300 });
  }, 30_000);
});

async function turnsLater(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await settled();
}

interface World {
  act(index: number, step: Step): Promise<void>;
  end(): Promise<void>;
  check(): Promise<void>;
}

async function createWorld(formatName: FormatName, fates: readonly WriteFate[]): Promise<World> {
  const fixture = createFixture(subject, formatName);
  const id = await given(fixture, { total: 0 });
  const late: Promise<unknown>[] = [];
  const processes = [0, 1].map((offset) => processWith(fixture, fates, offset, late));
  const holders = new Map<string, { readonly session: Session; readonly made: number[] }>();
  const outcomes = new Map<number, Outcome>();

  async function holderOf({ by, process }: Step): Promise<{ readonly session: Session; readonly made: number[] }> {
    const name = `${by} of ${process}`;
    const holder = holders.get(name) ?? { session: await opened(managerOf(process), id), made: [] };
    holders.set(name, holders.get(name) ?? holder);
    return holders.get(name) ?? holder;
  }

  function managerOf(process: number): SessionManager {
    return processes[process] ?? expect.fail("There are two processes.");
  }

  return {
    async act(index, step) {
      if (step.by === "update") {
        const update = managerOf(step.process).update(id, (draft) => {
          draft.update(`of ${index}`, increment);
          draft.update("total", increment);
        });
        outcomes.set(index, await outcomeOf(update));
        return;
      }
      const { session, made } = await holderOf(step);
      session.update(`of ${index}`, increment);
      session.update("total", increment);
      made.push(index);
      await outcomeOf(session.save());
    },
    async end() {
      while (late.length > 0) await late.pop();
      for (const { session, made } of holders.values()) {
        if (formatName === "native") await outcomeOf(session.save());
        for (const index of made) outcomes.set(index, session.isChanged ? "unknown" : "stored");
      }
      while (late.length > 0) await late.pop();
    },
    async check() {
      const { total, ...counts } = (await stored(fixture, id)) ?? {};
      for (const [index, outcome] of outcomes) {
        const count = counts[`of ${index}`] ?? 0;
        if (outcome === "stored") expect(count).toBe(1);
        else if (outcome === "not-applied") expect(count).toBe(0);
        else expect([0, 1]).toContain(count);
      }
      expect(total).toBe(Object.values(counts).reduce<number>((sum, count) => sum + Number(count), 0));
    },
  };
}

function processWith(
  fixture: Fixture,
  fates: readonly WriteFate[],
  offset: number,
  late: Promise<unknown>[],
): SessionManager {
  const stage = createScriptedHandler(fixture.store);
  let calls = offset;
  for (const method of ["write", "destroy"] as const) {
    const next: CallBehaviour = async (apply) => {
      stage.next(method, next);
      const fate = fates[calls % fates.length] ?? "made";
      calls += 2;
      return fateOf(fate, late)(apply);
    };
    stage.next(method, next);
  }
  return fixture.process({ handler: stage });
}

function fateOf(fate: WriteFate, late: Promise<unknown>[]): CallBehaviour {
  if (fate === "reply lost") return losesReply();
  if (fate === "no reply") return losesReply("timeout");
  if (fate === "request lost") return losesRequest();
  if (fate === "no request") return losesRequest("timeout");
  return async (apply) => {
    if (fate === "made slowly") await settled();
    if (fate !== "made too late") return apply();
    late.push(settled().then(settled).then(apply));
    return losesRequest()(apply);
  };
}

async function outcomeOf(change: Promise<unknown>): Promise<Outcome> {
  return change.then(
    () => "stored",
    (error: unknown) => {
      if (!isSessionError(error) || error.outcome === undefined) throw error;
      return error.outcome;
    },
  );
}
