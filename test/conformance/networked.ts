import { defineCases, networkedCases } from "sessionwire/testing";
import { describe, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { describeBareClient } from "./bare-clients.ts";
import type { NetworkedStore } from "./stores/store.ts";

/** Their cases keep a processor busy, and would hold up those that measure time. */
const busyLaws: readonly number[] = [21, 30, 44];

/** Defines tests that hold a store to what every networked handler must do, and show what its client does by itself. */
export function describeNetworked(store: NetworkedStore): void {
  expectNoEscapes();
  const cases = networkedCases(store.harness);
  const isBusy = ({ law = 0 }) => busyLaws.includes(law);
  const heading = "what every networked handler must do";
  defineCases(`${heading}, busy`, cases.filter(isBusy), { describe, it: test });
  const waiting = cases.filter((each) => !isBusy(each));
  defineCases(heading, waiting, { describe: describe.concurrent, it: test });
  describeBareClient(store);
}
