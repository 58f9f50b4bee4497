import { rmSync } from "node:fs";
import { within } from "../laws/within.ts";
import { type Process, startProcess } from "../processes/processes.ts";
import type { Fate } from "./copy.ts";
import type { Mutation } from "./mutations.ts";

/** Longer than a check may take: then nothing in the process goes on. */
const patienceMs = 20_000;

/** Tries broken versions of what the laws and contracts are there to guard, without a test runner. */
export interface Trial extends Disposable {
  try(mutation: Mutation): Promise<Fate>;
}

/** What the process says: before each check, and in the end. */
export type Said = "busy" | "found" | "survived";

export function createTrial(): Trial {
  let child: Process | undefined;
  let directory = "";
  const end = () => {
    child?.[Symbol.dispose]();
    child = undefined;
    rmSync(directory, { recursive: true, force: true });
  };
  return {
    async try({ file, source }) {
      if (!child) {
        child = startProcess(new URL("./in-process.child.ts", import.meta.url), {});
        directory = await child.next();
      }
      child.send(JSON.stringify({ file, source }));
      for (;;) {
        // The one thing that `next` rejects with is the end of the process, which a mutant may well bring about.
        const said = await within(
          patienceMs,
          child.next<Said>().catch(() => "ended" as const),
        );
        if (said === "busy") continue;
        if (said === "found" || said === "survived") return said;
        end();
        return said === "late" ? "hung" : "found";
      }
    },
    [Symbol.dispose]: end,
  };
}
