import { parseSync } from "rolldown/utils";

/** Reads a file of declarations: its imports and exports by name, and each declaration with the names that it refers to. */
export function readModule(text, path) {
  const { program, comments, errors } = parseSync(`${path}.d.ts`, text);
  if (errors.length > 0) throw new Error(`${path}.d.ts cannot be read.`, { cause: errors[0] });
  const directives = comments
    .map(({ start, end }) => text.slice(start, end))
    .filter((each) => each.startsWith("/// <"));
  const module = { path, text, directives, imports: new Map(), exports: new Map(), declarations: new Map() };
  for (const statement of program.body) {
    if (statement.type === "ImportDeclaration") {
      readImports(module, statement);
    } else if (statement.type !== "ExportNamedDeclaration") {
      readDeclaration(module, comments, statement, statement);
    } else if (statement.declaration) {
      const name = readDeclaration(module, comments, statement, statement.declaration);
      module.exports.set(name, { name });
    } else {
      readExports(module, statement);
    }
  }
  return module;
}

function readImports({ imports }, { specifiers, source, importKind }) {
  for (const { type, local, imported, importKind: ownKind } of specifiers) {
    if (type === "ImportNamespaceSpecifier") throw new Error(`${source.value} is imported as a whole.`);
    const name = type === "ImportDefaultSpecifier" ? "default" : imported.name;
    imports.set(local.name, { from: source.value, name, isType: [importKind, ownKind].includes("type") });
  }
}

function readExports({ exports }, { specifiers, source, exportKind }) {
  for (const { local, exported, exportKind: ownKind } of specifiers) {
    const isType = [exportKind, ownKind].includes("type");
    exports.set(exported.name, { from: source?.value, name: local.name, isType });
  }
}

/** Adds a declaration, or a part of one that has several, and returns its name. */
function readDeclaration(module, comments, statement, node) {
  const { path, text, declarations } = module;
  const id = node.declarations?.[0].id ?? node.id;
  if (!id || node.declarations?.length > 1)
    throw new Error(`${path}.d.ts has a ${node.type}, which is not known here.`);
  const docs = comments.findLast(({ end }) => end <= statement.start && text.slice(end, statement.start).trim() === "");
  const known = declarations.get(id.name) ?? { name: id.name, module, parts: [], references: [] };
  declarations.set(id.name, known);
  known.references.push(...referencesIn(node));
  known.parts.push({
    docs: docs?.value.startsWith("*") ? `${text.slice(docs.start, docs.end)}\n` : "",
    start: node.start,
    end: node.end,
    id: { name: id.name, start: id.start, end: id.start + id.name.length },
  });
  return id.name;
}

/** The names that a declaration refers to, each with its place; the names of type parameters in it are none. */
function referencesIn(root) {
  const references = [];
  visit(root, new Set());
  return references;

  function visit(node, parameters) {
    if (Array.isArray(node)) for (const each of node) visit(each, parameters);
    if (typeof node?.type !== "string") return;
    if (node.type === "TSImportType" && node.source.value.startsWith("."))
      throw new Error("A file is imported in a type.");
    const scope = new Set([...parameters, ...parametersOf(node)]);
    const id = firstName(referredTo(node));
    if (id && !scope.has(id.name)) references.push({ name: id.name, start: id.start, end: id.end });
    for (const each of Object.values(node)) if (typeof each === "object") visit(each, scope);
  }
}

/** The names that a node declares for the types in it. */
function parametersOf({ type, typeParameters, key, extendsType }) {
  const declared = (typeParameters?.params ?? []).map(({ name }) => name.name);
  if (type === "TSMappedType") return [...declared, key.name];
  return type === "TSConditionalType" ? [...declared, ...inferredIn(extendsType)] : declared;
}

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

/** The first of the names between dots; `undefined` for `import("…")`. */
function firstName(expression) {
  let node = expression;
  while (node && node.type !== "Identifier") node = node.left ?? node.object;
  return node;
}
