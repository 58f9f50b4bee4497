import { readFileSync, writeFileSync } from "node:fs";
import { type BundleSize, measureBundles } from "./bundles.ts";
import { measureTarball, type TarballSize } from "./tarball.ts";

/** The weight of the package: of its tarball, and of the bundles of some programs, by their names. */
export interface Weight {
  readonly tarball: TarballSize;
  readonly bundles: Readonly<Record<string, BundleSize>>;
}

const file = new URL("recorded.json", import.meta.url);

export async function measureWeight(): Promise<Weight> {
  const [tarball, bundles] = await Promise.all([measureTarball(), measureBundles()]);
  return { tarball, bundles: Object.fromEntries(bundles) };
}

export function readRecord(): Weight {
  return JSON.parse(readFileSync(file, "utf8"));
}

export function writeRecord(weight: Weight): void {
  writeFileSync(file, `${JSON.stringify(weight, undefined, 2)}\n`);
}

/** Names the figures that are more than a tenth above the recorded ones, or not recorded at all. */
export function grown(weight: Weight, record: Weight): string[] {
  const before = figuresOf(record);
  return [...figuresOf(weight)].flatMap(([name, figure]) => {
    const recorded = before.get(name) ?? 0;
    return figure > recorded * 1.1 ? [`${name}: ${figure}, recorded ${recorded}`] : [];
  });
}

function figuresOf({ tarball, bundles }: Weight): ReadonlyMap<string, number> {
  const later = Object.entries(bundles).flatMap(([name, size]) => (size.later ? [[`${name}, later`, size.later]] : []));
  const parts = Object.entries<object>({ tarball, ...bundles, ...Object.fromEntries(later) });
  return new Map(
    parts.flatMap(([part, sizes]) =>
      Object.entries(sizes).flatMap(([what, figure]) =>
        typeof figure === "number" ? [[`${part}, ${what}`, figure] as const] : [],
      ),
    ),
  );
}
