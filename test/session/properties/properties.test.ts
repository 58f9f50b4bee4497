import fc from "fast-check";
import * as core from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { test } from "vitest";
import type { ClientPlan, Parts } from "./clients.ts";
import { properties } from "./properties.ts";

const parts: Parts = { ...core, createExpressStore, createMemoryHandler };

/** What once broke a property. */
const examples: { readonly [says: string]: unknown[][] } = {
  "a message is shown at least once (express)": [
    [[whereTimeIsUp(["add", "begin to save", "add", "save and abort soon"])], [], false],
  ],
  "whatever is moved takes all along (express)": [
    [
      [whereConnectionsBreak(["set own", "save", "add"]), whereTimeIsUp(["regenerate", "set own"])],
      ["1 ms", "16 ms", "1 ms", "16 ms", "16 ms", "1 ms", "1 ms", "60 ms"],
      false,
    ],
  ],
  "what has ended stays away (native)": [
    [
      [
        whereTimeIsUp(["update so often that no token is left", "add"]),
        whereTimeIsUp(["set own", "save", "add"]),
        whereTimeIsUp(["append", "save", "begin to save"], ["save"]),
      ],
      [
        ...["8 ms", "8 ms", "4 ms", "16 ms", "1 ms", "lost", "60 ms", "1 ms", "1 ms", "lost", "lost", "lost", "8 ms"],
        ...["4 ms", "lost", "1 ms", "1 ms", "60 ms"],
      ],
      true,
    ],
  ],
  "what has ended stays away (express)": [
    [
      [
        whereTimeIsUp(["update", "regenerate", "update"], ["set own", "begin to save", "delete own", "save", "add"]),
        whereTimeIsUp(["update"]),
      ],
      [],
      false,
    ],
  ],
  "what may have been created is found or ended (express)": [
    [[whereTimeIsUp(["append", "save", "regenerate"])], ["60 ms", "lost"], false],
    [[whereTimeIsUp(["set own", "save", "invalidate"])], ["lost"], false],
  ],
  "an old id leads on to read, and to end": [
    [
      [
        whereTimeIsUp(["regenerate with grace", "append"], ["set own"]),
        whereTimeIsUp(["regenerate", "destroy", "open by the first id"]),
      ],
      [],
      false,
    ],
  ],
  "requests of express-session that begin a session together lose nothing": [
    [[whereTimeIsUp(["begin to store", "begin to store", "set own", "add", "store"]), whereTimeIsUp(["get"])], []],
  ],
};

for (const [says, property] of Object.entries(properties)) {
  test(says, () => fc.assert(property(parts), { numRuns: 300, examples: (examples[says] ?? []) as [unknown][] }));
}

function whereTimeIsUp(...plans: string[][]): ClientPlan {
  return { lossesAre: "timeouts", maxConflicts: 100, plans };
}

function whereConnectionsBreak(...plans: string[][]): ClientPlan {
  return { lossesAre: "broken connections", maxConflicts: 100, plans };
}
