import type { ListingSessionHandler } from "sessionwire";
import * as core from "sessionwire";
import * as backends from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import * as symfony from "sessionwire/symfony";
import { defineCases, handlerCases, rejects } from "sessionwire/testing";
import { checkContract, overlappingContract, sequentialContract } from "sessionwire/testing/properties";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Decoration, decorators } from "../laws/decorations.ts";
import { orders } from "../laws/orders.ts";
import { symfonyDecorators } from "../symfony/decorations.ts";
import type { Backend, BackendEntry } from "./backends.ts";

const parts = { ...core, ...backends, createMemoryHandler, ...symfony };

/** Law 44 takes a thousand calls, and law 112 hundreds for each page. */
const busyLaws = [44, 112];

/** The order that is also held to the contracts, on each arrangement of servers: it needs connections, and changes bytes. */
const everywhere = "withCompression(withEncryption(withConnectionCheck))";

/** Defines tests that hold a backend to everything that a handler must do, bare, and behind each decorator and order. */
export function describeConformance(name: string, { traits, timeoutMs = 2000, isVariant, open }: BackendEntry): void {
  describe(name, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await open();
    });
    afterAll(() => backend.stop());

    const setting = { timeoutMs, everySeconds: 0 };
    const single = decorators(parts, setting);
    const ofPhp = symfonyDecorators(parts);
    const { [everywhere]: common, ...rest } = orders(single);
    if (common === undefined) throw new Error(`${everywhere} is not one of the orders.`);
    const bare: Decoration = { decorate: (handler) => handler };
    describe.each(Object.entries({ bare, [everywhere]: common }))("%s", (_, decoration) => {
      const cases = isVariant && decoration !== bare ? quickCasesOf(decoration) : casesOf(decoration);
      defineCases("what every handler must do", cases, { describe, it: test });
      describeContracts(decoration);
      describeListing(decoration);
    });
    describe.each(isVariant ? [] : Object.entries({ ...single, ...rest, ...ofPhp }))("%s", (_, decoration) => {
      defineCases("what every handler must do", quickCasesOf(decoration), { describe, it: test });
      describeListing(decoration);
    });

    async function create({ decorate }: Decoration) {
      return decorate(await backend.create(), core.systemClock);
    }

    function casesOf(decoration: Decoration) {
      const { lateMs = 0, exceptions = {} } = traits;
      return handlerCases({
        create: () => create(decoration),
        advance: (ms) => backend.advance(ms),
        ...{ lateMs, exceptions },
      });
    }

    function quickCasesOf(decoration: Decoration) {
      return casesOf(decoration).filter(({ law }) => !busyLaws.includes(law));
    }

    function describeContracts(decoration: Decoration) {
      const { lateMs = 0 } = traits;
      /** On a store with a clock of its own, what the steps of a story may take. */
      const earlyMs = 500;
      const createStage = async () => ({
        handler: await create(decoration),
        advance: (ms: number) => (ms === 0 ? undefined : backend.advance(ms)),
        lateMs,
        earlyMs,
      });

      test("behaves as a map with expiry under any sequence of calls", () =>
        checkContract(sequentialContract, createStage, { numRuns: 12, seed: 1 }));

      test("is linearizable under concurrent calls", () =>
        checkContract(overlappingContract, createStage, { numRuns: 30, seed: 1 }));
    }

    function describeListing(decoration: Decoration) {
      const lists = traits.lists && !decoration.changesKeys;
      test(lists ? "has a listing" : "has no listing, and does not pretend to", async () => {
        const handler = await create(decoration);
        expect("list" in handler).toBe(lists);
        if (lists) {
          const { list } = handler as ListingSessionHandler; // as it was just seen
          await rejects(list({ cursor: "a text of no meaning" }), "failed", "any");
        }
        await handler.close();
      });
    }
  });
}
