import { childOf, childrenOf, type PlacedNode, type SyntaxNode } from "./syntax.ts";

/** A change of a source text: what stands in the place of what stood there. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Operator = (placed: PlacedNode, source: string) => Edit[];

/** All changes of one node that any of the operators makes. */
export function editsOf(placed: PlacedNode, source: string): Edit[] {
  return operators.flatMap((operator) => operator(placed, source));
}

/** The ones that mutation tools have in common. */
const operators: readonly Operator[] = [
  swapOperator,
  dropOperand,
  fixCondition,
  fixAnswer,
  dropStatement,
  dropCase,
  emptyFunction,
  dropAwait,
  dropListed,
  swapLiteral,
  dropNegation,
  keepReceiver,
  keepArgument,
  swapMethod,
];

const swaps: Readonly<Record<string, string>> = {
  "===": "!==",
  "!==": "===",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "&&": "||",
  "||": "&&",
  "??": "&&",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "+=": "-=",
  "-=": "+=",
  "??=": "=",
  "||=": "=",
};

const methodSwaps: Readonly<Record<string, string>> = {
  max: "min",
  min: "max",
  ceil: "floor",
  floor: "ceil",
  some: "every",
  every: "some",
  startsWith: "endsWith",
  endsWith: "startsWith",
  shift: "pop",
  pop: "shift",
  push: "unshift",
  unshift: "push",
};

function swapOperator({ node }: PlacedNode, source: string): Edit[] {
  const { operator } = node;
  const [left, right] = [childOf(node, "left"), childOf(node, "right")];
  const swapped = typeof operator === "string" ? swaps[operator] : undefined;
  if (!left || !right || !swapped || typeof operator !== "string") return [];
  if ([left, right].some(isText)) return []; // what is put together is text
  const start = source.indexOf(operator, left.end);
  return [{ start, end: start + operator.length, text: swapped }];
}

function dropOperand({ node, ancestors: [parent] }: PlacedNode, source: string): Edit[] {
  const isCalculated = node.type === "BinaryExpression" && /^[-+*/%]$/.test(String(node.operator));
  if (node.type !== "LogicalExpression" && !isCalculated) return [];
  const operands = [...childrenOf(node, "left"), ...childrenOf(node, "right")];
  // Of a sentence, nothing is seen to be missing but by people.
  if (operands.some(isText)) return [];
  return operands.map((operand) => replace(node, grouped(operand, parent, source)));
}

function fixCondition({ node }: PlacedNode): Edit[] {
  const test = childOf(node, "test");
  if (!test || node.type === "SwitchCase") return [];
  if (/^(While|For|DoWhile)Statement$/.test(node.type)) return [replace(test, "false")];
  // Without an `else` it goes as a whole.
  const isLone = node.type === "IfStatement" && !node.alternate;
  return isLone ? [replace(test, "true")] : [replace(test, "true"), replace(test, "false")];
}

/** What is true or false becomes always so, where it is given back or kept. */
function fixAnswer({ node, ancestors: [parent] }: PlacedNode): Edit[] {
  const isQuestion =
    node.type === "LogicalExpression" || (node.type === "BinaryExpression" && /^[<>=!]/.test(String(node.operator)));
  const isKept = parent && /^(ReturnStatement|ArrowFunctionExpression|VariableDeclarator|Property)$/.test(parent.type);
  if (!isQuestion || node.operator === "??" || !isKept) return [];
  return [replace(node, "true"), replace(node, "false")];
}

/** One of several words for the same, or what is done at one. */
function dropCase({ node }: PlacedNode): Edit[] {
  return node.type === "SwitchCase" && node.test ? [replace(node, "")] : [];
}

function dropStatement({ node, ancestors: [parent] }: PlacedNode): Edit[] {
  const isLone = node.type === "IfStatement" && !node.alternate;
  const isLeft = /^(Expression|Throw|Continue|Break|ForOf|For|While)Statement$/.test(node.type);
  const isEarlyEnd = node.type === "ReturnStatement" && !node.argument;
  if (!(isLone || isLeft || isEarlyEnd)) return [];
  if (parent && /^(BlockStatement|Program|SwitchCase)$/.test(parent.type)) return [replace(node, "")];
  // Where it is all that a condition is about, the condition goes.
  return parent?.type === "IfStatement" && !parent.alternate ? [] : [replace(node, ";")];
}

function emptyFunction({ node, ancestors: [parent] }: PlacedNode): Edit[] {
  const isBody = node.type === "BlockStatement" && parent && /Function/.test(parent.type);
  return isBody && childrenOf(node, "body").length > 1 ? [replace(node, "{}")] : [];
}

function dropAwait({ node }: PlacedNode, source: string): Edit[] {
  const awaited = childOf(node, "argument");
  return node.type === "AwaitExpression" && awaited ? [replace(node, textOf(awaited, source))] : [];
}

/** Any argument of a call, property of an object, element of a list. */
function dropListed({ node }: PlacedNode): Edit[] {
  const listed = {
    CallExpression: childrenOf(node, "arguments"),
    NewExpression: childrenOf(node, "arguments"),
    ObjectExpression: childrenOf(node, "properties"),
    ArrayExpression: childrenOf(node, "elements"),
  }[node.type];
  if (!listed) return [];
  const isCall = node.type.endsWith("lExpression") || node.type === "NewExpression";
  return listed.flatMap((item, index) => {
    const [before, after] = [listed[index - 1], listed[index + 1]];
    if (isCall && /Function|Spread/.test(item.type)) return [];
    if (isCall && after) return [replace(item, "undefined")];
    if (after) return [{ start: item.start, end: after.start, text: "" }];
    return [{ start: before?.end ?? item.start, end: item.end, text: "" }];
  });
}

function swapLiteral({ node, ancestors: [parent] }: PlacedNode): Edit[] {
  if (node.type !== "Literal" || (parent && childOf(parent, "key") === node)) return [];
  const { value } = node;
  if (typeof value === "boolean") return [replace(node, String(!value))];
  if (typeof value === "number") return numbersBeside(value).map((number) => replace(node, String(number)));
  // A sentence is for people.
  return typeof value === "string" && /^[\w-]+$/.test(value) ? [replace(node, '""')] : [];
}

function dropNegation({ node }: PlacedNode, source: string): Edit[] {
  const operand = childOf(node, "argument");
  const isNegation = node.type === "UnaryExpression" && (node.operator === "!" || node.operator === "-");
  return isNegation && operand ? [replace(node, textOf(operand, source))] : [];
}

/** `list.slice()` becomes `list`. */
function keepReceiver({ node, ancestors: [parent] }: PlacedNode, source: string): Edit[] {
  const callee = childOf(node, "callee");
  const receiver = callee?.type === "MemberExpression" ? childOf(callee, "object") : undefined;
  if (node.type !== "CallExpression" || !receiver || parent?.type === "ExpressionStatement") return [];
  return [replace(node, textOf(receiver, source))];
}

/** `check(value)` becomes `value`. */
function keepArgument({ node, ancestors: [parent] }: PlacedNode, source: string): Edit[] {
  // Without a use, or with a message in the place of an error, it would be another one's mutant, or none.
  if (node.type !== "CallExpression" || /^(Expression|Throw)Statement$/.test(parent?.type ?? "")) return [];
  return childrenOf(node, "arguments")
    .filter(({ type }) => !/^Spread|Function/.test(type))
    .map((kept) => replace(node, grouped(kept, parent, source)));
}

function swapMethod({ node }: PlacedNode): Edit[] {
  const callee = childOf(node, "callee");
  const method = callee && childOf(callee, "property");
  const swapped =
    typeof method?.name === "string" && Object.hasOwn(methodSwaps, method.name) && methodSwaps[method.name];
  return node.type === "CallExpression" && method && swapped ? [replace(method, swapped)] : [];
}

function numbersBeside(value: number): number[] {
  return value > 0 && value <= 10 ? [value + 1, value - 1] : [value + 1];
}

function isText({ type, value }: SyntaxNode): boolean {
  return type === "TemplateLiteral" || (type === "Literal" && typeof value === "string" && !/^[\w-]*$/.test(value));
}

/** In parentheses where what is around it would take a part of it. */
function grouped(node: SyntaxNode, parent: SyntaxNode | undefined, source: string): string {
  const isLoose = /^(Logical|Conditional|ArrowFunction|Assignment|Await)/.test(node.type);
  const isTight = parent && /^(Logical|Binary|Unary|Member|Await|Call|TSAs|Conditional)/.test(parent.type);
  return isLoose && isTight ? `(${textOf(node, source)})` : textOf(node, source);
}

function textOf({ start, end }: SyntaxNode, source: string): string {
  return source.slice(start, end);
}

function replace({ start, end }: SyntaxNode, text: string): Edit {
  return { start, end, text };
}
