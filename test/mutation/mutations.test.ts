import { describe, expect, test } from "vitest";
import { drawMutations, mutationsOf } from "./mutations.ts";

/** What the operators make of a text, without the function that it is in. */
function changesOf(source: string): string[] {
  return mutationsOf("a.ts", source).map(({ name }) => name.replace(/^.*? -> /, ""));
}

describe("the operators make of", () => {
  test.each([
    ["f(a === b);", ["f(a !== b);", "(nothing)", "f();"]],
    ["x = a && b;", ["x = a || b;", "x = a;", "x = b;", "(nothing)"]],
    ["x = a ?? b;", ["x = a && b;", "x = a;", "x = b;", "(nothing)"]],
    ["if (a) f();", ["if (true) f();", "(nothing)"]],
    ["x = a ? b : c;", ["x = true ? b : c;", "x = false ? b : c;", "(nothing)"]],
    ["x = [...a, b];", ["x = [b];", "x = [...a];", "(nothing)"]],
    ["x = { a, b: 12 };", ["x = { b: 12 };", "x = { a };", "x = { a, b: 13 };", "(nothing)"]],
    ["x = g(a, b);", ["x = g(undefined, b);", "x = g(a);", "x = a;", "x = b;", "(nothing)"]],
    ["x = list.slice();", ["x = list;", "(nothing)"]],
    ["x = Math.max(a, b);", ["x = Math.min(a, b);", "x = Math.max(a);", "x = a;", "x = b;", "(nothing)"]],
    ["x = await p;", ["x = p;", "(nothing)"]],
    ["x = !a;", ["x = a;", "(nothing)"]],
    ["x += 1;", ["x -= 1;", "x += 2;", "x += 0;", "(nothing)"]],
    ["const f = () => a > b;", ["const f = () => a >= b;", "const f = () => true;", "const f = () => false;"]],
    ['const x = "not-applied";', ['const x = "";']],
    ["switch (x) { case 1: f(); }", expect.arrayContaining(["switch (x) { }", "switch (x) { case 1: }"])],
    ["function f() { a(); b(); }", expect.arrayContaining(["function f() {}", "function f() { b(); }"])],
  ])("%s", (source, changes) => {
    expect(changesOf(source)).toEqual(Array.isArray(changes) ? expect.arrayContaining(changes) : changes);
  });

  test.each([
    'import { a } from "b";',
    "type A = 1 | 2;",
    "interface A { b: true }",
    "// a && b",
    'throw new E("A b.");',
  ])("%s: nothing that only people or the compiler see", (source) => {
    expect(changesOf(source).filter((change) => !/^(\(nothing\)|throw new E\(\);)$/.test(change))).toEqual([]);
  });
});

test("a mutant is named by its function and its lines, and repeated ones are counted", () => {
  const source = "class A {\n  #b() {\n    f(a);\n    f(a);\n  }\n}\n";
  const names = mutationsOf("a.ts", source).map(({ name }) => name);
  expect(names).toContain("a.ts: A.#b: f(a); -> f();");
  expect(names).toContain("a.ts: A.#b: f(a); -> f(); (2)");
  expect(new Set(names).size).toBe(names.length);
});

test("a change elsewhere adds no mutant to a sample, and removes none", () => {
  const source = "function f(a, b) {\n  return a && b;\n}\n";
  const before = mutationsOf("a.ts", source);
  const after = mutationsOf("a.ts", `function g() {\n  return 0;\n}\n\n${source}`);
  const drawn = (all: typeof before) => drawMutations(all, "7", 0.5).map(({ name }) => name);
  expect(drawn(before)).not.toEqual([]);
  expect(drawn(before).length).toBeLessThan(before.length);
  expect(drawn(after).filter((name) => name.startsWith("a.ts: f:"))).toEqual(drawn(before));
});
