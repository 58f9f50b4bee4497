import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type Copy, createCopy } from "./copy.ts";
import { guardiansOf, isUnderLaws } from "./guardians.ts";
import { createTrial } from "./in-process.ts";
import type { Mutation } from "./mutations.ts";
import type { Survivors, Tried, Verdict } from "./survivors.ts";

const root = join(import.meta.dirname, "../..");

/** A broken version in the kit is one already, and says itself who must find it. */
const brokenVersions = /^adapters\/testing\/properties\/mutants\//;

/** The files that may be changed, below some places. */
export function sourcesUnder(...places: readonly string[]): string[] {
  const files = execFileSync("git", ["ls-files", ...places], { cwd: root, encoding: "utf8" });
  return files.split("\n").filter((file) => file.endsWith(".ts") && !brokenVersions.test(file));
}

/**
 * Tries some mutations one after the other: by the laws and contracts if these are there to guard the file, and what they do not find by
 * the compiler and the tests that guard the file. Without tests, what is listed is left to them, and of the rest only the compiler is
 * asked.
 */
export async function* tryAll(
  mutations: readonly Mutation[],
  { withTests, survivors = {} }: { readonly withTests: boolean; readonly survivors?: Survivors },
): AsyncGenerator<Tried> {
  using trial = createTrial();
  using copies = new LazyCopy();
  for (const mutation of mutations) {
    const fate = isUnderLaws(mutation.file) ? await trial.try(mutation) : "survived";
    if (fate !== "survived") yield { mutation, verdict: fate };
    else if (withTests) yield { mutation, verdict: await copies.try(mutation) };
    else yield { mutation, verdict: mutation.name in survivors ? "left to tests" : await copies.compile(mutation) };
  }
}

/** Made when it is first needed, and held to what is right before it may judge. */
class LazyCopy implements Disposable {
  #copy: Copy | undefined;
  readonly #passed = new Set<string>();

  async compile(mutation: Mutation): Promise<Verdict> {
    this.#copy ??= createCopy();
    return (await this.#copy.try(mutation, [])) === "refused" ? "refused" : "left to tests";
  }

  async try(mutation: Mutation): Promise<Verdict> {
    this.#copy ??= createCopy();
    const tests = guardiansOf(mutation.file);
    const fate = await this.#copy.try(mutation, tests);
    if (fate !== "found") return fate;
    await this.#check(tests, this.#copy);
    return isUnderLaws(mutation.file) ? "found by tests" : "found";
  }

  /** What fails without any change has found nothing. */
  async #check(tests: readonly string[], copy: Copy): Promise<void> {
    const names = tests.join(" ");
    if (this.#passed.has(names)) return;
    const complaint = copy.complaint;
    const fate = await copy.try(undefined, tests);
    if (fate !== "survived") throw new Error(`Nothing has changed, and yet: ${fate}\n${complaint}`);
    this.#passed.add(names);
  }

  [Symbol.dispose](): void {
    this.#copy?.[Symbol.dispose]();
  }
}
