import assert from "node:assert/strict";
import { started } from "../../simulated-network.ts";
import type { Law } from "../law.ts";
import { unused, type WithConnectionCheck } from "./fixture.ts";

/** Checks may be nested. */
export const nestingLaws: readonly Law<WithConnectionCheck>[] = [
  {
    law: 107,
    says: "two nested connection checks make no more pings than one",
    async check(withConnectionCheck) {
      const { network, handler: once, clock } = unused(withConnectionCheck);
      const twice = withConnectionCheck(once, { clock });
      for (let round = 0; round < 3; round += 1) {
        const reading = twice.read("a");
        await clock.advance(20);
        await reading;
        assert.equal(started(network, "ping"), round);
        await clock.advance(20_000);
      }
    },
  },
];
