import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checksOf, citations, mutantOf } from "./laws.ts";

const file = new URL("../../docs/laws.md", import.meta.url);

/** A row of the page: what is written by hand, and what is written by `npm run laws`. */
interface Row {
  readonly law: number;
  readonly isStruck: boolean;
  readonly hand: readonly string[];
  readonly checks: string;
  readonly mutant: string;
}

if (process.env.TABLES === "write") writeFileSync(file, readFileSync(file, "utf8").replace(/^\| \d.*$/gm, written));
const rows =
  readFileSync(file, "utf8")
    .match(/^\| \d.*$/gm)
    ?.map(parse) ?? [];
const laws = rows.filter(({ isStruck }) => !isStruck);

test("every law from the first to the last has one row, with a name and a statement", () => {
  expect(rows.map(({ law }) => law).sort((one, other) => one - other)).toEqual(rows.map((_, index) => index + 1));
  for (const { hand } of rows) expect(hand[1]).toMatch(/^(\*\*.+\.\*\* .+[.)]|\*\*~~.+~~\.\*\* \*Struck\.\* .+\.)$/);
});

test("every law has a check that exists, and no law that was struck has one", () => {
  expect(laws.filter(({ law }) => checksOf(law).length === 0).map(({ law }) => law)).toEqual([]);
  const struck = rows.filter(({ isStruck }) => isStruck);
  expect(struck.filter(({ law }) => citations.some((cited) => cited.law === law))).toEqual([]);
});

test("every law has a broken version that its check must find", () => {
  expect(laws.filter(({ law }) => mutantOf(law) === undefined).map(({ law }) => law)).toEqual([]);
});

test("the page names them (`npm run laws` writes it)", () => {
  expect(rows.map(line)).toEqual(rows.map(line).map(written));
});

test("every law number cited in a title, a case, a mutant or a comment exists", () => {
  const known = new Set(laws.map(({ law }) => law));
  expect(citations.length).toBeGreaterThan(500);
  expect(citations.filter(({ law }) => !known.has(law))).toEqual([]);
});

function parse(row: string): Row {
  const [number = "", statement = "", declared = "", checks = "", mutant = ""] = row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
  const isStruck = statement.startsWith("**~~");
  return { law: Number(number), isStruck, hand: [number, statement, declared], checks, mutant };
}

function line({ hand, checks, mutant }: Row): string {
  return `| ${[...hand, checks, mutant].join(" | ")} |`;
}

/** The same row with what the code says. */
function written(row: string): string {
  const { law, isStruck, hand } = parse(row);
  const checks = isStruck
    ? ""
    : checksOf(law)
        .map((name) => `\`${name}\``)
        .join(", ");
  return line({ law, isStruck, hand, checks, mutant: isStruck ? "" : (mutantOf(law) ?? "") });
}
