import { type ConformanceCase, channelCases } from "sessionwire/testing";
import { memoryChannelHarness } from "../channel/memory.ts";
import { storeChecks } from "../express/store-checks.ts";
import { checksOf } from "../laws/cases.ts";
import { isRefuted } from "../laws/within.ts";
import { auditChecks } from "../session/audit-checks.ts";
import { casesOf as sessionCasesOf } from "../session/cases.ts";
import type { Parts } from "../session/properties/parts.ts";
import { turnChecks } from "../session/turn-checks.ts";
import { writeChecks } from "../session/write-checks.ts";
import type { QuotedMutant } from "./quoted.ts";

/** A case with a number, or one that is called by what it claims. */
export type Case = Pick<ConformanceCase, "name" | "run"> & { readonly law?: number | undefined };

/** The parts of the package that cases are about. */
export type AllParts = Parts & Pick<typeof import("sessionwire/memory"), "createMemoryChannel">;

/** Every case that a version of the package can be held to in this process. */
export function casesOf(parts: AllParts): Case[] {
  return [
    ...checksOf(parts),
    ...Object.values(sessionCasesOf(parts))
      .flat()
      .filter(({ skipped }) => skipped === undefined),
    ...channelCases(memoryChannelHarness(parts.createMemoryChannel)),
    ...writeChecks.map(({ claim, check }) => ({ name: claim, law: 145, run: () => check(parts, "express") })),
    ...auditChecks.map(({ claim, check }) => ({
      name: claim,
      run: () => check(parts, "express"),
    })),
    ...storeChecks.map(({ claim, check }) => ({ name: claim, run: () => check(parts) })),
    ...turnChecks.map(({ claim, check }) => ({ name: claim, run: () => check(parts, "native") })),
  ];
}

/** Whether a case is one that such a mutant breaks. */
export function isAbout({ law, name }: Pick<Case, "law" | "name">, breaks: QuotedMutant["breaks"]): boolean {
  return typeof breaks === "number" ? law === breaks : name.startsWith(breaks);
}

/** Whether one of the cases that a mutant must break fails, or does not end. */
export async function isCaught({ breaks }: QuotedMutant, cases: readonly Case[], limitMs?: number): Promise<boolean> {
  for (const each of cases) {
    if (isAbout(each, breaks) && (await isRefuted(() => each.run(), limitMs))) return true;
  }
  return false;
}
