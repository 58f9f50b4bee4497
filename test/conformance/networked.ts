import { defineCases, networkedCases } from "sessionwire/testing";
import { describe, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { describeBareClient } from "./bare-clients.ts";
import type { NetworkedStore } from "./stores/store.ts";

/** Defines tests that hold a store to what every networked handler must do, and show what its client does by itself. */
export function describeNetworked(store: NetworkedStore): void {
  expectNoEscapes();
  const cases = networkedCases(store.harness);
  defineCases("what every networked handler must do", cases, { describe: describe.concurrent, it: test });
  describeBareClient(store);
}
