import fc from "fast-check";
import { isSessionError, type SessionHandler, type Version } from "sessionwire";
import { createHistory } from "../history.ts";
import { createScheduler } from "../scheduler.ts";
import { schedules } from "./arbitraries.ts";
import { type Contract, holds, type Story } from "./contract.ts";
import type { HandlerStage } from "./handler-sequences/world.ts";

const kinds = ["read", "create", "replace", "replace", "touch", "destroy", "destroy what was read"] as const;

/** The actions of a caller on a session. */
export type Kind = (typeof kinds)[number];

/** The plans of several callers, who make one call after the other on the same session. */
export const callers: fc.Arbitrary<Kind[][]> = fc.array(
  fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 4 }),
  { minLength: 2, maxLength: 3 },
);

interface Overlap extends Story {
  readonly plans: readonly (readonly Kind[])[];
  readonly schedule: readonly number[];
}

const overlaps: fc.Arbitrary<Overlap> = fc.record({ plans: callers, schedule: schedules() }).map((overlap) => ({
  ...overlap,
  toString: () => `${overlap.plans.map((plan) => `[${plan.join(", ")}]`).join(" beside ")}, turns ${overlap.schedule}`,
}));

/**
 * Under every interleaving of several callers, the history of a session is linearizable (law 30, and therefore 15, 21,
 * 32, 36, 37 and 44). A call whose outcome is unknown may or may not have taken effect.
 *
 * @public
 */
export const overlappingContract: Contract<() => HandlerStage | Promise<HandlerStage>> = {
  name: "A handler, several calls at a time",
  laws: [30, 33, 34],
  property: (createStage) =>
    fc.asyncProperty(overlaps, async ({ plans, schedule }) => {
      const { handler, advance } = await createStage();
      const history = createHistory();
      const scheduler = createScheduler(schedule);
      const recorded = history.record(scheduler.around(handler));
      let writes = 0;
      const callers = plans.map((plan) => follow(recorded, plan, () => `content ${++writes}`));
      const pass = () => advance(1);
      await scheduler.run(Promise.all(callers), pass);
      await scheduler.run(readAtLast(recorded), pass);
      const verdict = history.check();
      holds(
        30,
        verdict !== "unknown",
        `It is undecided whether the answers can be explained:\n${history.describe()}\n`,
      );
      holds(30, verdict === "linearizable", `No order of the calls explains the answers:\n${history.describe()}\n`);
      await handler.close();
    }),
};

/**
 * Carries out the plan of one caller, based on the state it saw last. It continues after a failure, whose possible
 * effect the history contains.
 */
export async function follow(handler: SessionHandler, plan: readonly Kind[], nextContent: () => string): Promise<void> {
  let seen: Version | undefined;
  for (const kind of plan) {
    try {
      seen = await perform(handler, kind, seen, nextContent());
    } catch (error) {
      checkFailure(kind, error);
    }
  }
}

/** Reads the final state. */
export async function readAtLast(handler: SessionHandler): Promise<void> {
  await handler.read("s").catch((error) => Promise.reject(checkFailure("read", error)));
}

function checkFailure(kind: Kind, error: unknown): unknown {
  holds(33, isSessionError(error), `"${kind}" has failed with ${String(error)}`);
  const saysOutcome = kind === "read" || (isSessionError(error) && error.outcome !== undefined);
  holds(34, saysOutcome, `"${kind}" has failed without stating an outcome`);
  return error;
}

async function perform(
  handler: SessionHandler,
  kind: Kind,
  seen: Version | undefined,
  content: string,
): Promise<Version | undefined> {
  const ttlSeconds = 3600;
  switch (kind) {
    case "read":
      return (await handler.read("s"))?.version;
    case "touch":
      await handler.touch("s", ttlSeconds);
      return seen;
    case "create":
    case "replace": {
      const replaces = kind === "create" ? undefined : seen;
      const result = await handler.write("s", new TextEncoder().encode(content), { replaces, ttlSeconds });
      return result.written ? result.version : result.current?.version;
    }
    default: {
      const result = await handler.destroy("s", kind === "destroy" || seen === undefined ? {} : { replaces: seen });
      return result.destroyed ? undefined : result.current?.version;
    }
  }
}
