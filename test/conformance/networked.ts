import { type ConformanceCase, defineCases, networkedCases } from "sessionwire/testing";
import { afterAll, describe, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { describeBareClient } from "./bare-clients.ts";
import { reusingServers } from "./stores/reused-servers.ts";
import type { NetworkedStore } from "./stores/store.ts";

/** Their cases take hundreds of calls, which would hold up those that measure time. */
const isBusy = ({ law }: ConformanceCase) => law === 21 || law === 30;

/** Defines tests that hold a store to what every networked handler must do, and show what its client does by itself. */
export function describeNetworked(store: NetworkedStore): void {
  expectNoEscapes();
  const { harness, stop } = reusingServers(store.harness);
  afterAll(stop);
  const cases = networkedCases(harness).filter((each) => !isBusy(each));
  defineCases("what every networked handler must do", cases, { describe: describe.concurrent, it: test });
  describeBareClient({ ...store, harness });
}

/** Defines tests that look for an order of what several handlers of a store do while they are disturbed. */
export function describeOrder(name: string, store: NetworkedStore): void {
  defineCases(`several handlers on ${name}`, networkedCases(store.harness).filter(isBusy), { describe, it: test });
}
