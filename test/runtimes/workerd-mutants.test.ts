import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Mutant } from "../laws/mutate.ts";
import { isRefuted } from "../laws/within.ts";
import { cancelSharedWrite } from "./workerd-cancelled.ts";
import { startWorkerd } from "./workerd-host.ts";
import { startHeldStore } from "./workerd-store.ts";

/** Broken versions that only a runtime shows which cancels requests. */
const mutants: readonly Mutant[] = [
  {
    law: 111,
    bug: "nobody hears that a caller does not answer",
    file: "src/backend/queued-task.ts",
    from: "return now - this.#askedAt < ANSWER_WITHIN_MS;",
    to: "return true;",
  },
  {
    law: 111,
    bug: "a caller that waits has no timer of its own",
    file: "src/backend/queued-task.ts",
    from: "        LOOK_EVERY_MS,\n",
    to: "        2 ** 30,\n",
  },
  {
    law: 111,
    bug: "a write that a cancelled request has left is forgotten",
    file: "src/session/commit/group-commit.ts",
    from: "    queue.attempts.add(attempt);\n",
    to: "",
  },
  {
    law: 111,
    bug: "random numbers are asked for outside of a request",
    file: "src/session/tokens.ts",
    from: "  let origin: string | undefined;\n",
    to: "  let origin: string | undefined = randomText(6);\n",
  },
];

const store = await startHeldStore();
afterAll(() => store[Symbol.asyncDispose]());

test("the right version is not found fault with", () => check(undefined));

test.each(mutants)("it is found out that $bug", async (mutant) => {
  const source = readFileSync(join(import.meta.dirname, "../..", mutant.file), "utf8");
  expect(source.split(mutant.from)).toHaveLength(2); // else the Worker could not be made, which would be no wonder
  expect(await isRefuted(() => check(mutant), 15_000)).toBe(true);
});

async function check(mutant: Mutant | undefined): Promise<void> {
  await using worker = await startWorkerd({ day: "2026-04-01" }, { STORE_URL: store.url }, mutant);
  const { visits, answers, said } = await cancelSharedWrite(worker, store, "native", (write) => write.carryOut());
  expect(said).toEqual({ first: "ok", together: ["ok", "ok", "ok"], later: ["ok", "ok"] });
  await visits.expectCounted(answers);
}
