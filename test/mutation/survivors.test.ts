import { expect, test } from "vitest";
import { sourcesUnder } from "./run.ts";
import { disagreements, readSurvivors, revised, staleOf } from "./survivors.ts";

const survivors = readSurvivors();
const mutation = { name: "a" };
const survived = { mutation, verdict: "survived" } as const;
const found = { mutation, verdict: "found" } as const;
const foundByTests = { mutation, verdict: "found by tests" } as const;
const leftToTests = { mutation, verdict: "left to tests" } as const;

test("every listed survivor is a mutant of the current sources: `MUTATIONS=0 npm run mutation -- --update` drops others", () => {
  expect(staleOf(survivors, sourcesUnder("src", "adapters"))).toEqual([]);
});

test("every listed survivor has a reason", () => {
  expect(Object.values(survivors).filter((word) => !/^[a-z]/.test(word))).toEqual([]);
});

test.each([
  { listed: {}, agreeing: [found, foundByTests], not: [survived, leftToTests] },
  { listed: { a: "equivalent" }, agreeing: [survived, leftToTests], not: [found, foundByTests] },
  { listed: { a: "found by tests" }, agreeing: [foundByTests, leftToTests], not: [found, survived] },
  { listed: { a: "?" }, agreeing: [], not: [found, foundByTests, survived, leftToTests] },
])("$listed agrees with what a run says, or not", ({ listed, agreeing, not }) => {
  expect(agreeing.flatMap((each) => disagreements(listed, [each]))).toEqual([]);
  expect(not.map((each) => disagreements(listed, [each]).length)).toEqual(not.map(() => 1));
});

test("a run revises the list: new survivors wait for a reason, known ones keep it, and others are removed", () => {
  const listed = { b: "only slower", a: "equivalent" };
  expect(revised({}, [survived])).toEqual({ a: "?" });
  expect(revised({ a: "found by tests" }, [survived])).toEqual({ a: "?" });
  expect(revised({}, [foundByTests])).toEqual({ a: "found by tests" });
  expect(Object.entries(revised(listed, [survived]))).toEqual(Object.entries(listed).reverse());
  expect(revised(listed, [found])).toEqual({ b: "only slower" });
  expect(revised(listed, [survived], ["b"])).toEqual({ a: "equivalent" });
});

test("listed mutants that the sources no longer allow are reported", () => {
  const [file = ""] = sourcesUnder("src/errors.ts");
  expect(staleOf({ [`${file}: f: a -> b`]: "equivalent" }, [file])).toEqual([`${file}: f: a -> b`]);
  expect(staleOf({ "src/gone.ts: f: a -> b": "equivalent" }, [file])).toEqual(["src/gone.ts: f: a -> b"]);
});
