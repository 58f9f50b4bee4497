import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type KnownNames, unknownNamesIn } from "./names.ts";
import { docs, root } from "./pages.ts";

const { exports, scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const known: KnownNames = {
  root,
  scripts: Object.keys(scripts),
  imports: Object.keys(exports).map((subpath) => `sessionwire${subpath.slice(1)}`),
};
/** The imports that a page adds; its own test sees that they work then. */
const addedBy: Readonly<Record<string, readonly string[]>> = { "docs/add-an-adapter.md": ["sessionwire/table"] };

test.each(["README.md", "CONTRIBUTING.md", "SECURITY.md", ...docs])(
  "every file, command and import that %s names exists",
  (page) => {
    const names = { ...known, imports: [...known.imports, ...(addedBy[page] ?? [])] };
    expect(unknownNamesIn(readFileSync(join(root, page), "utf8"), names)).toEqual([]);
  },
);

test("a name of nothing is found", () => {
  const text = [
    "`test/docs/names.ts`, `test/docs/nam*.ts`, `test/docs/` and `docs/laws.md` are there, `test/docs/no*.ts` and `src/no.ts` are not.",
    "`npm run lint` and `npm run bench -- http` are commands, `npm run nothing` is none.",
    'import "sessionwire"; import "sessionwire/redis"; import "sessionwire/nothing";',
    "// adapters/added.ts",
    "`sessionwire/added`",
  ].join("\n");
  expect(unknownNamesIn(text, known)).toEqual(["test/docs/no*.ts", "src/no.ts", "nothing", "sessionwire/nothing"]);
});
