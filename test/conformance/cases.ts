import type { ConformanceCase } from "sessionwire/testing";
import type { Law } from "../laws/law.ts";
import { isRefuted } from "../laws/within.ts";

/** The laws of one store alone, as cases beside those of all. */
export function casesOf<Of>(laws: readonly Law<Of>[], subject: Of): ConformanceCase[] {
  return laws.map(({ law, says, check }) => ({ name: `${says} (law ${law})`, law, run: () => check(subject) }));
}

/** Whether a case of its law finds a broken version. One that does not end has found it, too. */
export async function isCaught({ law }: { readonly law: number }, cases: readonly ConformanceCase[]): Promise<boolean> {
  for (const each of cases) {
    if (each.law === law && each.skipped === undefined && (await isRefuted(() => each.run(), 8000))) return true;
  }
  return false;
}
