import { inspect } from "node:util";
import * as core from "sessionwire";
import { createSessionManager, withConnectionCheck, withTimeout } from "sessionwire";
import * as backend from "sessionwire/backend";
import { createSessionHooks } from "sessionwire/crossws";
import { createMemoryHandler } from "sessionwire/memory";
import { type ConformanceCase, createVirtualClock, handlerCases } from "sessionwire/testing";
import {
  checkContract,
  connectionCheckContract,
  type Decorate,
  decoratorContract,
  overlappingContract,
  sequentialContract,
  sessionContract,
} from "sessionwire/testing/properties";
import { attachSessions } from "sessionwire/ws";
import { WebSocketServer } from "ws";
import { casesOf } from "../laws/cases.ts";
import { memoryHarnesses } from "../laws/memory-harnesses.ts";
import { casesOf as sessionCasesOf } from "../session/cases.ts";
import { subject as sessionSubject } from "../session/subject.ts";
import type { Case } from "./case.ts";
import { cookieCases } from "./cookies.ts";
import { crosswsCases, socketCases } from "./sockets.ts";
import { type StoreLink, storeAreas } from "./stores.ts";

const parts = { ...core, ...backend, createMemoryHandler };

/** As many stories of each contract as take a moment. */
const options = { numRuns: 50, seed: 1 };

/** The cases, by the columns of the table in docs/runtimes.md. */
export type Areas = Readonly<Record<string, readonly Case[]>>;

/** All areas, and those of stores that are servers. They are made when they are asked for: a Worker makes nothing random before its first request. */
export function allAreas(link: StoreLink): Areas {
  return {
    "handlers, decorators": [
      ...Object.entries(memoryHarnesses).flatMap(([name, harness]) => under(name, handlerCases(harness))),
      ...Object.entries(casesOf(parts)).flatMap(([name, cases]) => under(name, cases)),
      ...contractCases(),
    ],
    sessions: [
      ...Object.entries(sessionCasesOf(sessionSubject)).flatMap(([name, cases]) => under(name, cases)),
      {
        name: "the contract of sessions",
        run: () => checkContract(sessionContract, createSessionManager, options),
      },
    ],
    cookies: cookieCases({ ...core, createMemoryHandler }),
    sockets: socketCases({ ...core, createMemoryHandler, attachSessions, WebSocketServer }),
    crossws: crosswsCases({ ...core, createMemoryHandler, createSessionHooks }),
    ...storeAreas(link),
  };
}

/** What became of a case. */
export interface Result {
  readonly area: string;
  readonly name: string;
  /** Absent when the case holds. */
  readonly failure?: string | undefined;
}

/** Runs the cases of areas, one after the other. */
export async function* run(given: Areas): AsyncGenerator<Result> {
  for (const [area, cases] of Object.entries(given)) {
    for (const { name, run } of cases) {
      const failure = await run().then(
        () => undefined,
        (error: unknown) => inspect(error),
      );
      yield { area, name, failure };
    }
  }
}

function contractCases(): Case[] {
  const createStage = () => {
    const clock = createVirtualClock();
    return { handler: createMemoryHandler({ clock }), advance: clock.advance };
  };
  const decorate: Decorate = (handler, clock) => withConnectionCheck(withTimeout(handler, { clock }), { clock });
  return under("the contract of", [
    { name: "calls in sequence", run: () => checkContract(sequentialContract, createStage, options) },
    { name: "calls that overlap", run: () => checkContract(overlappingContract, createStage, options) },
    { name: "decorators", run: () => checkContract(decoratorContract, decorate, options) },
    { name: "connection checks", run: () => checkContract(connectionCheckContract, withConnectionCheck, options) },
  ]);
}

function under(heading: string, cases: readonly (Case & Pick<ConformanceCase, "skipped">)[]): Case[] {
  return cases
    .filter(({ skipped }) => skipped === undefined)
    .map(({ name, run }) => ({ name: `${heading}: ${name}`, run }));
}
