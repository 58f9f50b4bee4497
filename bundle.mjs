import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import { build } from "rolldown";
import { rollUp } from "./declarations.mjs";

// Makes one file for each subpath out of the sources, readable as they are: so stack traces need no source maps. `tsc` has
// checked the types and written a file of declarations for each source, of which one for each subpath is made as well.

const root = import.meta.dirname;
const dist = join(root, "dist");
const adapters = join(root, "adapters");

/** Files of their own, because the adapter for URLs takes them without their clients. */
const handlers = readdirSync(adapters)
  .filter((name) => existsSync(join(adapters, name, "handler.ts")))
  .map((name) => `${name}/handler`);

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

/**
 * Writes what has changed, and resolves to the paths of all files. What is imported dynamically becomes a file beside the
 * entry, which takes from the entry what both need.
 */
async function bundle(entries, shared) {
  const { output } = await build({
    cwd: root,
    input: Object.fromEntries(entries.map((entry) => [entry, join(root, `${entry}.ts`)])),
    external: /^[^./]/,
    plugins: [handlersOutside],
    platform: "neutral",
    preserveEntrySignatures: "allow-extension",
    transform: { target: "es2023" },
    write: false,
    logLevel: "warn",
    output: {
      dir: dist,
      format: "esm",
      entryFileNames: "[name].js",
      chunkFileNames: shared ? `${shared}.js` : `${dirname(entries[0])}/[name].js`,
      codeSplitting: shared ? { groups: [{ name: shared, minShareCount: 2 }] } : true, // one file for whatever several entries need
      minifyInternalExports: false,
      comments: { legal: true, annotation: true, jsdoc: false },
    },
  });
  const declarations = entries.every((entry) => handlers.includes(entry.slice("adapters/".length)))
    ? new Map()
    : rollUp(join(dist, "declarations"), entries, shared);
  for (const { fileName, code } of output) declarations.set(fileName, code);
  for (const [name, text] of declarations) write(join(dist, name), text);
  return [...declarations.keys()].map((name) => join(dist, name));
}

function write(path, text) {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Removes what earlier builds have left. */
function removeAllBut(kept) {
  for (const part of ["src", "adapters"]) {
    for (const name of readdirSync(join(dist, part), { recursive: true, encoding: "utf8" })) {
      const path = join(dist, part, name);
      if (/\.(js|map|ts)$/.test(name) && !kept.has(path)) rmSync(path);
    }
  }
}
