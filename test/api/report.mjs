// Checks the public API of all subpaths against the report that was last reviewed, `sessionwire.api.md`.
// `--update` writes it anew; the difference belongs into the commit that makes it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";

const root = join(import.meta.dirname, "../..");
const update = process.argv.includes("--update");

// One entry that gathers every subpath under its own name, so that none can be forgotten.
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const lines = Object.entries(exports)
  .filter(([, target]) => typeof target === "object")
  .map(([subpath, { types }]) => {
    const name = subpath === "." ? "core" : subpath.slice(2).replace(/[-./](\w)/g, (_, letter) => letter.toUpperCase());
    const path = types.replace("./dist/", "./").replace(/\.d\.ts$/, ".js");
    return `import * as ${name} from "${path}";\nexport { ${name} };`;
  });
mkdirSync(join(root, "dist/api"), { recursive: true });
writeFileSync(join(root, "dist/api.d.ts"), `${lines.join("\n")}\n`);

const config = ExtractorConfig.loadFileAndPrepare(join(root, "api-extractor.json"));
const result = Extractor.invoke(config, { localBuild: update, showVerboseMessages: false });
if (!result.succeeded) {
  console.error("The API is not the one in test/api/sessionwire.api.md. If it should be: npm run api -- --update");
  process.exitCode = 1;
}
