import fc from "fast-check";
import * as core from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { type ProcessPlan, type SessionBeginning, tellSession } from "sessionwire/testing/properties";
import { test } from "vitest";
import type { Parts } from "./parts.ts";
import { properties } from "./properties.ts";

const parts: Parts = { ...core, createExpressStore, createMemoryHandler };

/** What once broke a property. */
const examples: { readonly [says: string]: unknown[][] } = {
  "a message is shown at least once (express)": [
    [story("stored", [whereTimeIsUp(["add", "begin to save", "add", "save and abort soon"])])],
  ],
  "whatever is moved takes all along (express)": [
    [
      story(
        "stored",
        [whereConnectionsBreak(["set own", "save", "add"]), whereTimeIsUp(["regenerate", "set own"])],
        ["1 ms", "16 ms", "1 ms", "16 ms", "16 ms", "1 ms", "1 ms", "60 ms"],
      ),
    ],
  ],
  "what has ended stays away (native)": [
    [
      story(
        "stored",
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
      ),
    ],
  ],
  "what has ended stays away (express)": [
    [
      story("stored", [
        whereTimeIsUp(["update", "regenerate", "update"], ["set own", "begin to save", "delete own", "save", "add"]),
        whereTimeIsUp(["update"]),
      ]),
    ],
  ],
  "what may have been created is found or ended (express)": [
    [story("created", [whereTimeIsUp(["append", "save", "regenerate"])], ["60 ms", "lost"])],
    [story("created", [whereTimeIsUp(["set own", "save", "invalidate"])], ["lost"])],
  ],
  "an old id leads on to read, and to end": [
    [
      story("stored", [
        whereTimeIsUp(["regenerate with grace", "append"], ["set own"]),
        whereTimeIsUp(["regenerate", "destroy", "open by the first id"]),
      ]),
    ],
  ],
  "requests of express-session that begin a session together lose nothing": [
    [[whereTimeIsUp(["begin to store", "begin to store", "set own", "add", "store"]), whereTimeIsUp(["get"])], []],
  ],
};

for (const [says, property] of Object.entries(properties)) {
  test(says, () => fc.assert(property(parts), { numRuns: 300, examples: (examples[says] ?? []) as [unknown][] }));
}

function story(beginning: SessionBeginning, processes: ProcessPlan[], fates: string[] = [], savesAtEnd = false) {
  return tellSession({ beginning, processes, fates, savesAtEnd });
}

function whereTimeIsUp(...plans: string[][]): ProcessPlan {
  return { lossesAre: "timeouts", maxConflicts: 100, plans };
}

function whereConnectionsBreak(...plans: string[][]): ProcessPlan {
  return { lossesAre: "broken connections", maxConflicts: 100, plans };
}
