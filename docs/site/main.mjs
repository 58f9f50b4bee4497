import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Application } from "typedoc";
import { writeLlmsFiles } from "./llms.mjs";
import { firstSentenceOf, readPages } from "./pages.mjs";
import { REFERENCE, routers, siteOf } from "./plugin.mjs";

// Makes the site of the documentation: npm run docs. TypeDoc makes pages of the guides as well as of the doc comments, so that
// one search finds both.

const root = process.argv[2] ?? join(import.meta.dirname, "../..");
const out = join(root, "site");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const pages = readPages(root);
const sections = [...new Set(pages.map(({ section }) => section))];
const subpaths = subpathsOf(manifest);

const app = await Application.bootstrapWithPlugins({
  plugin: ["typedoc-plugin-markdown", siteOf({ root, pages, subpaths, repository: addressOf(manifest.repository) })],
  name: manifest.name,
  includeVersion: true,
  basePath: root,
  entryPoints: subpaths.map(({ source }) => source),
  tsconfig: join(root, "docs/site/tsconfig.json"),
  // The adapters import the core by the name of the package.
  compilerOptions: { paths: Object.fromEntries(subpaths.map(({ name, source }) => [name, [source]])) },
  disableSources: true,
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  readme: join(root, "README.md"),
  projectDocuments: pages.map(({ path }) => join(root, path)).filter((path) => path !== join(root, "README.md")),
  outputs: [
    { name: "html", path: out, options: { router: routers.html } },
    { name: "markdown", path: out, options: { router: routers.markdown, cleanOutputDir: false } },
  ],
  categorizeByGroup: false,
  categoryOrder: [...sections, REFERENCE],
  navigation: { includeCategories: true },
  sortEntryPoints: false,
  searchInComments: true,
  searchInDocuments: true,
  highlightLanguages: [...new Set(["ts", ...pages.flatMap(languagesOf)])],
  customCss: join(import.meta.dirname, "style.css"),
  headings: { readme: false, document: false },
  includeHierarchySummary: false,
  hideGenerator: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  treatWarningsAsErrors: true,
  // The API report shows types that are not exported, and the plugin sees to paths.
  validation: { invalidLink: true, notExported: false, invalidPath: false },
});
const project = await app.convert();
if (project) {
  app.validate(project);
  await app.generateOutputs(project);
  writeLlmsFiles(out, { ...manifest, sections: [...sections.map(guidesOf), referenceOf(project)] });
}
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;

function subpathsOf({ name, exports }) {
  const withTypes = Object.entries(exports).filter(([, { types }]) => types !== undefined);
  return withTypes.map(([subpath, { types }]) => {
    const place = types.replace("./dist/", "").replace(".d.ts", "");
    // TypeDoc calls the module of a file by its path, and by the path of its folder if it is an index.
    return {
      name: `${name}${subpath.slice(1)}`,
      source: join(root, `${place}.ts`),
      module: place.replace("/index", ""),
    };
  });
}

function addressOf({ url }) {
  return url.replace(/^git\+|\.git$/g, "");
}

function languagesOf({ text }) {
  return [...text.matchAll(/^```(\w+)/gm)].map(([, language]) => language);
}

function guidesOf(title) {
  return { title, entries: pages.filter(({ section }) => section === title) };
}

function referenceOf({ children }) {
  const entries = children.map(({ name, comment }) => {
    const text = comment.summary.map((part) => part.text).join("");
    return { title: name, path: `api/${name}.md`, summary: firstSentenceOf(text) };
  });
  return { title: REFERENCE, entries };
}
