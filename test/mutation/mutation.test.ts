import { expect, test } from "vitest";
import { within } from "../laws/within.ts";
import { startProcess } from "../processes/processes.ts";
import type { Parts } from "../session/properties/parts.ts";
import { subject } from "../session/subject.ts";
import { isKilled } from "./checks.ts";
import { createCopy } from "./copy.ts";
import { guarded, mutationsOf } from "./mutations.ts";

/** `npm run mutation` tries 300. */
const count = Number(process.env.MUTATIONS ?? 4);
const seed = process.env.MUTATION_SEED ?? "1";

/** Longer than the slowest check. */
const patienceMs = 40_000;

test("the sources as they are pass all checks", async () => {
  expect(await isKilled(subject as Parts)).toBe(false);
}, 120_000);

test(`of ${count} mutants that nobody has chosen, most are found`, async () => {
  const mutants = mutationsOf(guarded, Number(seed)).slice(0, count);
  const survivors: string[] = [];
  for (let from = 0; from < mutants.length; ) {
    const reports = await tryFrom(from, mutants.length);
    survivors.push(...reports.filter(({ isFound }) => !isFound).map(({ bug }) => bug));
    from += reports.length + 1; // the next one has hung, and so was found
  }
  console.info(`${count - survivors.length} of ${count} mutants found; not found:\n${survivors.join("\n")}`);
  expect(survivors.length).toBeLessThan(count / 3);
}, 3_600_000);

test("a copy of the repository tells a change that its tests see from one that they do not", async () => {
  using copy = createCopy();
  const file = "adapters/memory.ts";
  const change = (from: string, to: string) => copy.try({ law: 0, bug: "", file, from, to }, ["memory.test"]);
  const right = "entries.size > maxSessions ||";
  expect(await change(right, "entries.size > maxSessions + 1 ||")).toBe("found");
  expect(await change(right, "entries > maxSessions ||")).toBe("refused");
  expect(await change(right, "maxSessions < entries.size ||")).toBe("survived");
}, 120_000);

interface Report {
  readonly bug: string;
  readonly isFound: boolean;
}

type Said = Report | "done" | { readonly failure: string };

/** What a process says of the mutants, until it has tried all or does not go on. */
async function tryFrom(from: number, to: number): Promise<Report[]> {
  const script = new URL("./mutants.child.ts", import.meta.url);
  using child = startProcess(script, { SEED: seed, FROM: String(from), TO: String(to) });
  await child.next();
  child.send("begin");
  const reports: Report[] = [];
  for (;;) {
    // The one thing that `next` rejects with is the end of the process, which a mutant may well bring about.
    const said = await within(
      patienceMs,
      child.next<Said>().catch(() => "ended" as const),
    );
    if (typeof said === "string") return reports;
    if ("failure" in said) throw new Error(said.failure);
    reports.push(said);
  }
}
