import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "rolldown/utils";

// Gathers the declarations that some entries reach into one file for each, and one for what several of them reach. `tsc` writes a
// file for each source, of which a user of the package sees a tenth.

/**
 * Resolves to the text of each file.
 *
 * @param folder Where `tsc` has written the declarations.
 * @param entries The paths of the entries below it, without an ending.
 * @param shared The path of the file for what several entries reach.
 */
export function rollUp(folder, entries, shared) {
  const modules = new Map();
  const externals = new Map();
  const users = new Map(); // from each declaration to the entries that reach it
  const globals = new Set();
  for (const entry of entries) {
    for (const found of exportsOf(entry).values()) reach(found, entry);
  }
  const files = new Map([...entries, shared].map((file) => [file, []]));
  for (const [declaration, reaching] of users)
    files.get(reaching.size > 1 ? shared : [...reaching][0]).push(declaration);
  const names = nameAll();
  return new Map([...files].filter(([, content]) => content.length > 0).map(([file]) => [`${file}.d.ts`, print(file)]));

  /** The module at this path, parsed once. */
  function load(path) {
    const known = modules.get(path);
    if (known) return known;
    const module = parse(readFileSync(join(folder, `${path}.d.ts`), "utf8"), path);
    modules.set(path, module);
    return module;
  }

  function exportsOf(entry) {
    const module = load(entry);
    return new Map([...module.exports.keys()].map((name) => [name, findExport(module, name)]));
  }

  /** What a module exports under this name: a declaration, here or elsewhere, or something of another package. */
  function findExport(module, name) {
    const exported = module.exports.get(name);
    if (!exported) throw new Error(`${module.path} exports no ${name}.`);
    return exported.from ? findImport(module, exported) : find(module, exported.name);
  }

  function findImport(module, { from, name, isType }) {
    if (!from.startsWith(".")) return external(from, name, isType);
    return findExport(load(join(dirname(module.path), from.replace(/\.[jt]s$/, ""))), name);
  }

  /** What a name means in a module; nothing for a global. */
  function find(module, name) {
    const imported = module.imports.get(name);
    return imported ? findImport(module, imported) : module.declarations.get(name);
  }

  function external(from, name, isType) {
    if (name === "*") throw new Error(`${from} is imported as a whole.`);
    const key = `${from} ${name} ${isType}`;
    if (!externals.has(key)) externals.set(key, { isExternal: true, from, name, isType });
    return externals.get(key);
  }

  function reach(declaration, entry) {
    const reaching = users.get(declaration) ?? new Set();
    if (declaration.isExternal || reaching.has(entry)) return;
    users.set(declaration, reaching.add(entry));
    for (const { name } of declaration.references) {
      const found = find(declaration.module, name);
      if (found) reach(found, entry);
      else globals.add(name);
    }
  }

  /** The name of each declaration in its file, and of what the file imports: the names that are exported come first. */
  function nameAll() {
    const named = new Map();
    const ofShared = allot(shared, new Set(globals));
    for (const entry of entries) allot(entry, new Set(ofShared));
    return named;

    function allot(file, taken) {
      const own = new Set(files.get(file));
      const given = new Map();
      named.set(file, given);
      const give = (declaration, preferred) => {
        let name = preferred;
        for (let count = 1; taken.has(name); count += 1) name = `${preferred}$${count}`;
        taken.add(name);
        given.set(declaration, name);
      };
      for (const entry of entries) {
        for (const [name, found] of exportsOf(entry)) {
          const isOwn = own.has(found) || (found.isExternal && entry === file);
          if (isOwn && !given.has(found)) give(found, name);
        }
      }
      for (const declaration of own) if (!given.has(declaration)) give(declaration, declaration.name);
      for (const declaration of own) {
        for (const { name } of declaration.references) {
          const found = find(declaration.module, name);
          if (found?.isExternal && !given.has(found)) give(found, name);
        }
      }
      return taken;
    }
  }

  function nameIn(file, declaration) {
    return names.get(file).get(declaration) ?? names.get(shared).get(declaration);
  }

  function print(file) {
    const content = files.get(file);
    const exported = new Map(
      file === shared
        ? content.filter(isSeenElsewhere).map((declaration) => [nameIn(file, declaration), declaration])
        : exportsOf(file),
    );
    const references = new Set(content.flatMap(({ module }) => module.directives));
    const clauses = [...exported].map(([name, found]) => renaming(nameIn(file, found), name));
    return [
      ...references,
      ...importsOf(file, exported),
      ...content.map((declaration) => textOf(declaration, file)),
      `export { ${clauses.join(", ")} };\n`,
    ].join("\n");
  }

  function isSeenElsewhere(declaration) {
    const isUsed = (other) => other.references.some(({ name }) => find(other.module, name) === declaration);
    return entries.some(
      (entry) => [...exportsOf(entry).values()].includes(declaration) || files.get(entry).some(isUsed),
    );
  }

  /** The imports of what a file exports or refers to. */
  function importsOf(file, exported) {
    const lines = [];
    const imported = new Map();
    const referred = files
      .get(file)
      .flatMap(({ module, references }) => references.map(({ name }) => find(module, name)));
    for (const found of new Set([...exported.values(), ...referred])) {
      if (!found || files.get(file).includes(found)) continue;
      const name = nameIn(file, found);
      const { isType = false, from = pathTo(shared, file) } = found;
      const head = `import ${isType ? "type " : ""}`;
      if (found.isExternal && found.name === "default") lines.push(`${head}${name} from "${from}";`);
      else add(`${head}{ # } from "${from}";`, renaming(found.isExternal ? found.name : name, name));
    }
    for (const [line, clauses] of imported) lines.push(line.replace("#", clauses.sort().join(", ")));
    return lines;

    function add(line, clause) {
      imported.set(line, [...(imported.get(line) ?? []), clause]);
    }
  }

  /** The text of a declaration, with the names that things have in its file. */
  function textOf({ name, module, parts, references }, file) {
    const own = find(module, name);
    const renamed = [...parts.map(({ id }) => id), ...references].flatMap(({ name: written, start, end }) => {
      const found = written === name ? own : find(module, written);
      const given = found && nameIn(file, found);
      return given && given !== written ? [{ start, end, text: given }] : [];
    });
    return parts
      .map(({ docs, start, end }) => {
        const edits = renamed
          .filter((edit) => edit.start >= start && edit.end <= end)
          .sort((a, b) => b.start - a.start);
        let text = module.text.slice(start, end);
        for (const edit of edits) {
          text = text.slice(0, edit.start - start) + edit.text + text.slice(edit.end - start);
        }
        return docs + text;
      })
      .join("\n");
  }
}

/** A file of declarations: what it imports and exports, and each declaration with the names that it refers to. */
function parse(text, path) {
  const { program, comments, errors } = parseSync(`${path}.d.ts`, text);
  if (errors.length > 0) throw new Error(`${path}.d.ts cannot be read.`, { cause: errors[0] });
  const directives = comments
    .map(({ start, end }) => text.slice(start, end))
    .filter((each) => each.startsWith("/// <"));
  const module = { path, text, directives, imports: new Map(), exports: new Map(), declarations: new Map() };
  for (const statement of program.body) {
    if (statement.type === "ImportDeclaration") {
      for (const each of statement.specifiers) {
        const kinds = { ImportDefaultSpecifier: "default", ImportNamespaceSpecifier: "*" };
        const name = kinds[each.type] ?? each.imported.name;
        const isType = statement.importKind === "type" || each.importKind === "type";
        module.imports.set(each.local.name, { from: statement.source.value, name, isType });
      }
    } else if (statement.type === "ExportNamedDeclaration" && !statement.declaration) {
      for (const { local, exported } of statement.specifiers) {
        module.exports.set(exported.name, { from: statement.source?.value, name: local.name });
      }
    } else if (statement.type === "ExportNamedDeclaration") {
      const name = declare(statement, statement.declaration);
      module.exports.set(name, { name });
    } else {
      declare(statement, statement);
    }
  }
  return module;

  function declare({ start: begin }, node) {
    const id = node.declarations?.[0].id ?? node.id;
    if (!id || node.declarations?.length > 1)
      throw new Error(`${path}.d.ts has a ${node.type}, which is not known here.`);
    const docs = comments.findLast(({ end }) => end <= begin && text.slice(end, begin).trim() === "");
    const range = id.typeAnnotation ? { start: id.start, end: id.typeAnnotation.start } : id;
    const part = {
      docs: docs?.value.startsWith("*") ? `${text.slice(docs.start, docs.end)}\n` : "",
      start: node.start,
      end: node.end,
      id: { name: id.name, start: range.start, end: range.end },
    };
    const known = module.declarations.get(id.name) ?? { name: id.name, module, parts: [], references: [] };
    known.parts.push(part);
    known.references.push(...referencesIn(node));
    module.declarations.set(id.name, known);
    return id.name;
  }
}

/** The names that a declaration refers to, each with its place; those of its own type parameters are none. */
function referencesIn(root) {
  const references = [];
  visit(root, new Set());
  return references;

  function visit(node, parameters) {
    if (Array.isArray(node)) for (const each of node) visit(each, parameters);
    if (typeof node?.type !== "string") return;
    const scope = new Set([...parameters, ...ownParameters(node)]);
    const subject = referredTo(node);
    if (subject) refer(subject, scope);
    for (const each of Object.values(node)) if (each && typeof each === "object") visit(each, scope);
  }

  function refer(subject, scope) {
    let id = subject;
    if (id.type === "TSImportType") return;
    while (id.type !== "Identifier") id = id.left ?? id.object ?? id.expression;
    if (!scope.has(id.name)) references.push({ name: id.name, start: id.start, end: id.end });
  }
}

function ownParameters({ type, typeParameters, key, extendsType }) {
  const declared = (typeParameters?.params ?? []).map(({ name }) => name.name);
  if (type === "TSMappedType") declared.push(key.name);
  if (type === "TSConditionalType") declared.push(...inferredIn(extendsType));
  return declared;
}

/** The names that `infer` declares in a type. */
function inferredIn(node) {
  if (!node || typeof node !== "object") return [];
  const own = node.type === "TSInferType" ? [node.typeParameter.name.name] : [];
  return [...own, ...Object.values(node).flatMap(inferredIn)];
}

/** The expression at a node that names something. */
function referredTo(node) {
  switch (node.type) {
    case "TSTypeReference":
      return node.typeName;
    case "TSTypeQuery":
      return node.exprName;
    case "TSInterfaceHeritage":
    case "TSClassImplements":
      return node.expression;
    case "ClassDeclaration":
      return node.superClass;
    default:
      return node.computed === true ? node.key : undefined;
  }
}

function renaming(name, given) {
  return name === given ? name : `${name} as ${given}`;
}

function pathTo(file, from) {
  return `./${file.slice(dirname(from).length + 1)}.js`;
}
