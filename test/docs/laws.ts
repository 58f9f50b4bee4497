import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  createSessionManager,
  expressFormat,
  nativeFormat,
  withConnectionCheck,
  withHashedKeys,
  withTimeout,
} from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";
import {
  type ConformanceCase,
  callCases,
  channelCases,
  connectionCheckCases,
  createReferenceHandler,
  decoratorCases,
  handlerCases,
  networkedCases,
  sessionCases,
} from "sessionwire/testing";
import { contracts } from "../testing/contracts.ts";

const root = join(import.meta.dirname, "../..");

/** The cases of the kit, by the functions that make them. */
const cases: Readonly<Record<string, readonly ConformanceCase[]>> = {
  handlerCases: handlerCases({ create: createReferenceHandler, advance: () => {} }),
  callCases: callCases(createGuardedHandler),
  channelCases: channelCases({ openPlace: notNow }),
  connectionCheckCases: connectionCheckCases(withConnectionCheck),
  decoratorCases: [
    ...decoratorCases((handler, clock) => withTimeout(handler, { clock })),
    ...decoratorCases((handler) => withHashedKeys(handler), { changesKeys: true }),
  ],
  networkedCases: networkedCases({ startServer: notNow, create: notNow }),
  sessionCases: [nativeFormat, expressFormat].flatMap((createFormat) =>
    sessionCases({ createManager: createSessionManager, createFormat }).filter(({ skipped }) => skipped === undefined),
  ),
};

/** A place where the number of a law is cited. */
export interface Citation {
  readonly law: number;
  readonly file: string;
}

/** Lists the functions and contracts of the kit that check a law, or else the tests that cite it in a title. */
export function checksOf(law: number): string[] {
  const inKit = [
    ...Object.entries(cases).filter(([, each]) => each.some((one) => one.law === law)),
    ...Object.entries(contracts).filter(([, { laws }]) => laws.includes(law)),
  ].map(([name]) => name);
  return inKit.length > 0 ? inKit : [...new Set(titles.filter((title) => title.law === law).map(({ file }) => file))];
}

/** Names the bug of a broken version that a check of the law must find: of the kit if it has one, or else of the sources. */
export function mutantOf(law: number): string | undefined {
  const ofKit = Object.values(contracts).flatMap(({ mutants }) => mutants);
  return [...ofKit, ...quoted].find((mutant) => mutant.law === law)?.bug;
}

const sources = filesIn("test").concat(filesIn("adapters"), filesIn("src"));

/** Every number that a title, a case, a mutant or a comment cites. */
export const citations: readonly Citation[] = sources.flatMap(({ file, text }) =>
  [...numbersIn(text), ...fieldsIn(text)].map((law) => ({ law, file })),
);

/** Citations in titles of tests, and in cases that tests have for themselves. */
const titles: readonly Citation[] = sources
  .filter(({ file }) => file.startsWith("test/") && !file.startsWith("test/docs/") && !isOfMutants(file))
  .flatMap(({ file, text }) => {
    const strings = text.match(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g) ?? [];
    return [...strings.flatMap(numbersIn), ...fieldsIn(text)].map((law) => ({ law, file }));
  });

/** The broken versions of the sources, as their lists tell them. */
const quoted: readonly { readonly law: number; readonly bug: string }[] = sources
  .filter(({ file }) => file.startsWith("test/") && isOfMutants(file))
  .flatMap(({ text }) =>
    [...text.matchAll(/(?:law|breaks): (\d+|"[^"]*"),\s*bug:\s*"([^"]*)"/g)].flatMap(([, breaks = "", bug = ""]) =>
      lawsOf(breaks).map((law) => ({ law, bug })),
    ),
  );

/** A mutant says which law it breaks by its number, or by how the name of a case begins. */
function lawsOf(breaks: string): number[] {
  if (!breaks.startsWith('"')) return [Number(breaks)];
  const beginning = breaks.slice(1, -1);
  return Object.values(cases)
    .flat()
    .filter(({ name }) => name.startsWith(beginning))
    .map(({ law }) => law);
}

/** `law 5`, `laws 3 and 4`, `laws 80 to 102, and 111`: each of them. */
function numbersIn(text: string): number[] {
  return [...text.matchAll(/\blaws? (\d+(?:(?:,? and |, | to )\d+)*)/gi)].flatMap(([, list = ""]) =>
    list.split(/,? and |, /).flatMap((part) => {
      const [first = 0, last = first] = part.split(" to ").map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    }),
  );
}

function fieldsIn(text: string): number[] {
  return [...text.matchAll(/\b(?:law|breaks): (\d+)\b/g)].map(([, law]) => Number(law)).filter((law) => law > 0);
}

function isOfMutants(file: string): boolean {
  return file.includes("mutants");
}

function filesIn(folder: string): { readonly file: string; readonly text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.includes("node_modules") && !path.includes("/."))
    .sort()
    .map((path) => ({ file: `${folder}/${path}`, text: readFileSync(join(root, folder, path), "utf8") }));
}

function notNow(): never {
  throw new Error("These cases are counted, and not run.");
}
