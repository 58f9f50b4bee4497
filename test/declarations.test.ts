import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const rollUp = pathToFileURL(join(import.meta.dirname, "../declarations.mjs")).href;

/** Rolls up these files, and answers with the text of each file that comes of it, its lines trimmed. */
async function rolledUp(files: Readonly<Record<string, string>>, ...entries: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "declarations-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, `${name}.d.ts`), text);
    }
    const program = `
      import { rollUp } from ${JSON.stringify(rollUp)};
      const texts = rollUp(${JSON.stringify(folder)}, ${JSON.stringify(entries)}, "shared");
      console.log(JSON.stringify(Object.fromEntries(texts)));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
    const texts: Record<string, string> = JSON.parse(stdout);
    return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.trim().split("\n")]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("declarations that no entry leads to are left out, and comments stay with those that are there", async () => {
  const files = {
    index: 'export { A } from "./parts/a.js";\n',
    "parts/a":
      'import type { B } from "./b.ts";\n/** A thing. */\nexport interface A {\n  b: B;\n}\nexport type Other = 1;\n',
    "parts/b": "export type B = string;\nexport declare const unused: B;\n",
  };
  expect(await rolledUp(files, "index")).toEqual({
    "index.d.ts": ["/** A thing. */", "interface A {", "  b: B;", "}", "type B = string;", "export { A };"],
  });
});

test("declarations that several entries lead to are in the shared file alone, which exports what the others need", async () => {
  const files = {
    one: 'import type { Shared } from "./parts.js";\nexport declare function one(shared: Shared): void;\n',
    two: 'export type { Shared } from "./parts.js";\n',
    parts: "export interface Shared {\n  inner: Inner;\n}\ntype Inner = 1;\nexport {};\n",
  };
  expect(await rolledUp(files, "one", "two")).toEqual({
    "one.d.ts": [
      'import { Shared } from "./shared.js";',
      "declare function one(shared: Shared): void;",
      "export { one };",
    ],
    "two.d.ts": ['import { Shared } from "./shared.js";', "export { Shared };"],
    "shared.d.ts": ["interface Shared {", "  inner: Inner;", "}", "type Inner = 1;", "export { Shared };"],
  });
});

test("one of two declarations of a name gets another one, and so does one of the name of a global that is used", async () => {
  const files = {
    index:
      'import type { A as B, Request } from "./a.js";\nexport type A = [B, Request];\nexport declare const sent: Set<A>;\n',
    a: 'export type A = 1;\nexport type Request = Own;\ntype Own = "Own";\nexport type Never = 0;\n',
    other: 'export { sent } from "./index.js";\nexport declare const received: Request;\n',
  };
  expect(await rolledUp(files, "index", "other")).toMatchObject({
    "other.d.ts": [
      'import { sent } from "./shared.js";',
      "declare const received: Request;",
      "export { sent, received };",
    ],
    "shared.d.ts": expect.arrayContaining([
      "type A = [A$1, Request$1];",
      "type A$1 = 1;",
      "type Request$1 = Own;",
      'type Own = "Own";',
    ]),
  });
});

test("names of type parameters, members and labels refer to no declaration", async () => {
  const files = {
    index:
      'import type { T, U, K, label } from "./a.js";\nexport type Used = [T, U, K, label];\nexport * as never from "never";\n',
    a: "",
  };
  await expect(rolledUp(files, "index")).rejects.toThrow();
  const text = [
    "type T = 1;",
    "export interface I<T> {",
    "  t: T;",
    "  T(value: T extends (infer U)[] ? U : never): { [K in keyof T]: [label: K] };",
    "}",
    "type U = 2;",
    "type K = 3;",
    "type label = 4;",
  ];
  const rolled = await rolledUp({ index: `${text.join("\n")}\n` }, "index");
  expect(rolled["index.d.ts"]).toEqual([
    ...text.slice(1, 5).map((line) => line.replace("export ", "")),
    "export { I };",
  ]);
});

test("packages are imported as they were, under another name where theirs is taken", async () => {
  const files = {
    index:
      'import fc from "fast-check";\nimport type { Server } from "node:http";\nimport type { Server as Own } from "./a.js";\nexport declare const all: [fc.Arbitrary<1>, Server, Own];\n',
    a: "export type Server = 1;\n",
  };
  expect((await rolledUp(files, "index"))["index.d.ts"]).toEqual([
    'import fc from "fast-check";',
    'import type { Server as Server$1 } from "node:http";',
    "declare const all: [fc.Arbitrary<1>, Server$1, Server];",
    "type Server = 1;",
    "export { all };",
  ]);
});
