import type { ConformanceCase } from "sessionwire/testing";

/** Something that holds on every runtime, in a form that needs no test runner. `run` rejects when it does not hold. */
export type Case = Pick<ConformanceCase, "name" | "run">;
