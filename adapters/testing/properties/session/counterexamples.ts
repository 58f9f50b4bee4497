import type { SessionFormat } from "sessionwire/backend";
import type { Story } from "../contract.ts";
import type { ProcessPlan } from "./process-plans.ts";
import { type SessionScript, tellSession } from "./script.ts";

/** Returns stories that once broke the contract, as far as they apply to the format. */
export function counterexamplesIn(format: SessionFormat): readonly (SessionScript & Story)[] {
  return format.storesForwards ? [...everywhere, ...withGrace] : everywhere;
}

const everywhere = [
  // A token that was added to a record again seemed to prove that no later one had been lost.
  tellSession({
    beginning: "stored",
    processes: [
      { lossesAre: "broken connections", maxConflicts: 100, plans: [["update"]] },
      { lossesAre: "timeouts", maxConflicts: 100, plans: [["delete own"]] },
      {
        ...{ lossesAre: "timeouts", maxConflicts: 100 },
        plans: [
          ["append", "save", "begin to save"],
          ["set own", "save", "update so often that no token is left"],
        ],
      },
    ],
    fates: [
      ...["lost", "lost", "refused", "1 ms", "90 ms", "16 ms", "lost", "lost", "90 ms", "1 ms", "16 ms", "60 ms"],
      ...["1 ms", "90 ms", "lost", "1 ms", "lost", "lost", "1 ms", "1 ms", "1 ms", "1 ms", "lost", "refused"],
    ],
    savesAtEnd: false,
  }),
  // The session created with an unknown outcome had ended when its second destroy was refused.
  tellSession({
    beginning: "created",
    processes: [
      {
        ...{ lossesAre: "broken connections", maxConflicts: 100 },
        plans: [
          ["append", "save and destroy", "save"],
          ["delete own", "save", "append"],
        ],
      },
      { lossesAre: "timeouts", maxConflicts: 100, plans: [["save and destroy"]] },
    ],
    fates: ["4 ms", "1 ms", "1 ms", "60 ms", "1 ms", "1 ms", "1 ms", "1 ms", "1 ms", "1 ms", "refused"],
    savesAtEnd: false,
  }),
  tellSession({
    beginning: "stored",
    processes: [whereTimeIsUp(["add", "begin to save", "add", "save and abort soon"])],
    fates: [],
    savesAtEnd: false,
  }),
  tellSession({
    beginning: "stored",
    processes: [whereConnectionsBreak(["set own", "save", "add"]), whereTimeIsUp(["regenerate", "set own"])],
    fates: ["1 ms", "16 ms", "1 ms", "16 ms", "16 ms", "1 ms", "1 ms", "60 ms"],
    savesAtEnd: false,
  }),
  tellSession({
    beginning: "stored",
    processes: [
      whereTimeIsUp(["update so often that no token is left", "add"]),
      whereTimeIsUp(["set own", "save", "add"]),
      whereTimeIsUp(["append", "save", "begin to save"], ["save"]),
    ],
    fates: [
      ...["8 ms", "8 ms", "4 ms", "16 ms", "1 ms", "lost", "60 ms", "1 ms", "1 ms", "lost", "lost", "lost", "8 ms"],
      ...["4 ms", "lost", "1 ms", "1 ms", "60 ms"],
    ],
    savesAtEnd: true,
  }),
  tellSession({
    beginning: "stored",
    processes: [
      whereTimeIsUp(["update", "regenerate", "update"], ["set own", "begin to save", "delete own", "save", "add"]),
      whereTimeIsUp(["update"]),
    ],
    fates: [],
    savesAtEnd: false,
  }),
  tellSession({
    beginning: "created",
    processes: [whereTimeIsUp(["append", "save", "regenerate"])],
    fates: ["60 ms", "lost"],
    savesAtEnd: false,
  }),
  tellSession({
    beginning: "created",
    processes: [whereTimeIsUp(["set own", "save", "invalidate"])],
    fates: ["lost"],
    savesAtEnd: false,
  }),
];

const withGrace = [
  tellSession({
    beginning: "stored",
    processes: [
      whereTimeIsUp(["regenerate with grace", "append"], ["set own"]),
      whereTimeIsUp(["regenerate", "destroy", "open by the first id"]),
    ],
    fates: [],
    savesAtEnd: false,
  }),
];

function whereTimeIsUp(...plans: string[][]): ProcessPlan {
  return { lossesAre: "timeouts", maxConflicts: 100, plans };
}

function whereConnectionsBreak(...plans: string[][]): ProcessPlan {
  return { lossesAre: "broken connections", maxConflicts: 100, plans };
}
