import { parseAst } from "vite";

/** A node of a syntax tree, as ESTree has it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** A node with what is around it, the nearest first. */
export interface PlacedNode {
  readonly node: SyntaxNode;
  readonly ancestors: readonly SyntaxNode[];
}

/** Every node that is executed: types and imports are left out, with all that is in them. */
export function nodesOf(source: string): PlacedNode[] {
  const found: PlacedNode[] = [];
  const visit = (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => {
    if (!isExecuted(node)) return;
    found.push({ node, ancestors });
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child, [node, ...ancestors]);
  };
  visit(parseAst(source, { lang: "ts" }) as unknown as SyntaxNode, []); // which is what ESTree says of it
  return found;
}

/** The names of the classes, functions and methods that a node is in, the outermost first. */
export function scopeOf({ node, ancestors }: PlacedNode): string {
  return [node, ...ancestors].map(nameOf).filter(Boolean).reverse().join(".");
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

export function childOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  const child = node[field];
  return isNode(child) ? child : undefined;
}

export function childrenOf(node: SyntaxNode, field: string): SyntaxNode[] {
  return [node[field]].flat().filter(isNode);
}

function isExecuted({ type }: SyntaxNode): boolean {
  return type === "TSAsExpression" || type === "TSNonNullExpression" || !/^(TS|Import)/.test(type);
}

function nameOf(node: SyntaxNode): string {
  if (/^(Function|Class)Declaration$/.test(node.type)) return identifierOf(node, "id");
  if (/^(Method|Property)Definition$/.test(node.type)) return identifierOf(node, "key");
  const value = childOf(node, node.type === "Property" ? "value" : "init");
  if (!value || !/Function/.test(value.type)) return "";
  return identifierOf(node, node.type === "Property" ? "key" : "id");
}

function identifierOf(node: SyntaxNode, field: string): string {
  const key = childOf(node, field);
  if (typeof key?.name !== "string") return "";
  return key.type === "PrivateIdentifier" ? `#${key.name}` : key.name;
}
