import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { readModule } from "./declaration-module.mjs";

// Gathers the declarations that some entries reach into one file for each entry, and one for those that several of them reach. `tsc`
// writes a file for each source, and most of their content is out of reach for users of the package.

/**
 * Returns the text of each file by its path.
 *
 * @param folder The folder in which `tsc` has written the declarations.
 * @param entries The paths of the entries below it, without an ending.
 * @param shared The path of the file for declarations that several entries reach.
 */
export function rollUp(folder, entries, shared) {
  const modules = new Modules(folder);
  const { users, globals } = reachFrom(entries, modules);
  const contents = new Map([...entries, shared].map((file) => [file, []]));
  for (const [declaration, reaching] of users) {
    const [first, ...others] = reaching;
    contents.get(others.length > 0 ? shared : first).push(declaration);
  }
  const ofEntries = new Map(entries.map((entry) => [entry, modules.exportsOf(entry)]));
  const sharedNames = nameAll(contents.get(shared), ofEntries, globals, modules);
  const common = new File(shared, contents.get(shared), sharedNames, modules);
  const files = entries.map((entry) => {
    const exported = ofEntries.get(entry);
    const ofEntry = new Map([[entry, exported]]);
    const externals = [...exported.values()].filter(({ isExternal }) => isExternal);
    const own = [...contents.get(entry), ...externals];
    const names = nameAll(own, ofEntry, new Set([...globals, ...sharedNames.values()]), modules);
    return new File(entry, contents.get(entry), new Map([...sharedNames, ...names]), modules, exported);
  });
  const used = new Set(files.flatMap((file) => file.uses()).filter((found) => common.has(found)));
  common.exports = new Map([...used].map((found) => [sharedNames.get(found), found]));
  const printed = files.map((file) => [`${file.path}.d.ts`, file.print(common)]);
  return new Map(used.size > 0 ? [...printed, [`${shared}.d.ts`, common.print(common)]] : printed);
}

/** The modules below a folder, and the meaning of names in them. */
class Modules {
  #folder;
  #modules = new Map();
  #externals = new Map();

  constructor(folder) {
    this.#folder = folder;
  }

  exportsOf(path) {
    const module = this.#load(path);
    return new Map([...module.exports.keys()].map((name) => [name, this.#findExport(module, name)]));
  }

  /** The meaning of a name in a module: a declaration, or something of another package; `undefined` for a global. */
  find(module, name) {
    const imported = module.imports.get(name);
    return imported ? this.#findImport(module, imported) : module.declarations.get(name);
  }

  /** The meanings of the names in a declaration, but for globals. */
  referredTo({ module, references }) {
    return references.map(({ name }) => this.find(module, name)).filter((found) => found !== undefined);
  }

  #load(path) {
    const known = this.#modules.get(path);
    const module = known ?? readModule(readFileSync(join(this.#folder, `${path}.d.ts`), "utf8"), path);
    this.#modules.set(path, module);
    return module;
  }

  #findExport(module, name) {
    const exported = module.exports.get(name);
    if (!exported) throw new Error(`${module.path} exports no ${name}.`);
    return exported.from ? this.#findImport(module, exported) : this.find(module, exported.name);
  }

  #findImport(module, { from, name, isType }) {
    if (!from.startsWith(".")) return this.#external(from, name, isType);
    return this.#findExport(this.#load(join(dirname(module.path), from.replace(/\.[jt]s$/, ""))), name);
  }

  #external(from, name, isType) {
    const key = `${from} ${name} ${isType}`;
    const external = this.#externals.get(key) ?? { isExternal: true, from, name, isType };
    this.#externals.set(key, external);
    return external;
  }
}

/** All declarations that the entries reach, each with the entries that do; and the names of globals in them. */
function reachFrom(entries, modules) {
  const users = new Map();
  const globals = new Set();
  for (const entry of entries) for (const found of modules.exportsOf(entry).values()) reach(found, entry);
  return { users, globals };

  function reach(declaration, entry) {
    const reaching = users.get(declaration) ?? new Set();
    if (declaration.isExternal || reaching.has(entry)) return;
    users.set(declaration, reaching.add(entry));
    for (const { name } of declaration.references) {
      const found = modules.find(declaration.module, name);
      if (found) reach(found, entry);
      else globals.add(name);
    }
  }
}

/** Names the content of a file and what it takes of other packages, by names that are not taken: first those that entries export. */
function nameAll(content, ofEntries, taken, modules) {
  const names = new Map();
  const used = new Set(taken);
  for (const exported of ofEntries.values()) {
    for (const [name, found] of exported) if (content.includes(found)) give(found, name);
  }
  for (const declaration of content) give(declaration, declaration.name);
  for (const { module, references = [] } of content) {
    for (const { name } of references) {
      const found = modules.find(module, name);
      if (found?.isExternal) give(found, name);
    }
  }
  return names;

  function give(found, preferred) {
    if (names.has(found)) return;
    let name = preferred;
    for (let count = 1; used.has(name); count += 1) name = `${preferred}$${count}`;
    used.add(name);
    names.set(found, name);
  }
}

/** A file to be written: some declarations, and their names in it. */
class File {
  #content;
  #names;
  #modules;

  constructor(path, content, names, modules, exports = new Map()) {
    this.path = path;
    this.exports = exports;
    this.#content = content;
    this.#names = names;
    this.#modules = modules;
  }

  has(declaration) {
    return this.#content.includes(declaration);
  }

  /** All that is exported from here or referred to, and declared elsewhere. */
  uses() {
    const referred = this.#content.flatMap((declaration) => this.#modules.referredTo(declaration));
    return [...new Set([...this.exports.values(), ...referred])].filter((found) => !this.has(found));
  }

  print(common) {
    const directives = new Set(this.#content.flatMap(({ module }) => module.directives));
    const exported = [...this.exports].map(([name, found]) => clause(this.#names.get(found), name));
    const texts = this.#content.map((declaration) => this.#textOf(declaration));
    return [...directives, ...this.#imports(common), ...texts, `export { ${exported.join(", ")} };\n`].join("\n");
  }

  #imports(common) {
    const lines = [];
    const clauses = new Map();
    for (const found of this.uses()) {
      const local = this.#names.get(found);
      const { name, from, isType } = found.isExternal ? found : { name: local, from: pathTo(common.path, this.path) };
      const head = isType ? "import type" : "import";
      if (name === "default") lines.push(`${head} ${local} from "${from}";`);
      else
        clauses.set(`${head} # from "${from}";`, [
          ...(clauses.get(`${head} # from "${from}";`) ?? []),
          clause(name, local),
        ]);
    }
    for (const [line, all] of clauses) lines.push(line.replace("#", () => `{ ${all.sort().join(", ")} }`));
    return lines;
  }

  /** The text of a declaration, with the names that things have here. */
  #textOf({ module, parts, references }) {
    const edits = [...parts.map(({ id }) => id), ...references]
      .map((place) => ({ ...place, given: this.#names.get(this.#modules.find(module, place.name)) }))
      .filter(({ name, given }) => given !== undefined && given !== name)
      .sort((a, b) => b.start - a.start);
    const texts = parts.map(({ docs, start, end }) => {
      const within = edits.filter((edit) => edit.start >= start && edit.end <= end);
      const text = within.reduce(
        (whole, edit) => whole.slice(0, edit.start - start) + edit.given + whole.slice(edit.end - start),
        module.text.slice(start, end),
      );
      return docs + text;
    });
    return texts.join("\n");
  }
}

function clause(name, given) {
  return name === given ? name : `${name} as ${given}`;
}

function pathTo(file, from) {
  return `./${relative(dirname(from), file)}.js`; // entries lie beside the shared file or above it
}
