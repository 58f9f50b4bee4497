import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import { build } from "rolldown";

// Makes one file for each subpath out of the sources, readable as they are: so stack traces need no source maps. `tsc` has
// checked the types and written the declarations beside them.

const root = import.meta.dirname;
const dist = join(root, "dist");
const adapters = join(root, "adapters");

/** Files of their own, because the adapter for URLs takes them without their clients. */
const handlers = ["redis/handler", "memcached/handler"];

/** Keeps them out of the files that import them. */
const handlersOutside = {
  name: "handlers outside",
  resolveId(specifier, importer) {
    const handler = handlers.find((name) => specifier.endsWith(`/${name}.ts`));
    if (!handler || !importer || importer.includes(`/${dirname(handler)}/`)) return undefined;
    return { id: `./${handler}.js`, external: "absolute" };
  },
};

const written = [
  // What several parts of the core need lies in a file of its own, so that each class exists once.
  ...(await bundle(["src/index", "src/backend", "src/sockets"], "src/core")),
  ...(await bundle(["adapters/testing", "adapters/testing/properties"], "adapters/testing/kit")),
];
const others = readdirSync(adapters).filter((name) => name.endsWith(".ts") && name !== "testing.ts");
for (const name of [...handlers, ...others.map((file) => parse(file).name)]) {
  written.push(...(await bundle([`adapters/${name}`])));
}
removeAllBut(new Set(written));

/** Writes what has changed, and resolves to the paths of all files. */
async function bundle(entries, shared = "unexpected") {
  const { output } = await build({
    cwd: root,
    input: Object.fromEntries(entries.map((entry) => [entry, join(root, `${entry}.ts`)])),
    external: /^[^./]/,
    plugins: [handlersOutside],
    platform: "neutral",
    transform: { target: "es2023" },
    write: false,
    logLevel: "warn",
    output: {
      dir: dist,
      format: "esm",
      entryFileNames: "[name].js",
      chunkFileNames: `${shared}.js`,
      codeSplitting: { groups: [{ name: shared, minShareCount: 2 }] }, // one file for whatever several entries need
      minifyInternalExports: false,
      comments: { legal: true, annotation: true, jsdoc: false },
    },
  });
  for (const { fileName, code } of output) {
    const path = join(dist, fileName);
    if (existsSync(path) && readFileSync(path, "utf8") === code) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
  return output.map(({ fileName }) => join(dist, fileName));
}

/** Removes what earlier builds have left: programs that are not made any more, and declarations without a source. */
function removeAllBut(kept) {
  for (const part of ["src", "adapters"]) {
    for (const name of readdirSync(join(dist, part), { recursive: true, encoding: "utf8" })) {
      const path = join(dist, part, name);
      const isLeft = name.endsWith(".d.ts")
        ? !existsSync(join(root, part, name.replace(/\.d\.ts$/, ".ts")))
        : /\.(js|map)$/.test(name) && !kept.has(path);
      if (isLeft) rmSync(path);
    }
  }
}
