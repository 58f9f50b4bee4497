import { systemCalls, systemCodes } from "./system-codes.ts";

/**
 * Makes the `cause` of a {@link SessionError} from an error of a client, a server or the network. It keeps known words
 * and leaves out the rest.
 *
 * @remarks
 * Servers, proxies and clients repeat what they were sent, quoted or not: ids, session data, tokens. The message is
 * therefore never copied. The new message consists of those `known` words and sentences that occur in it, with `…` for
 * what is left out.
 *
 * The result also keeps the name of a built-in or `known` class, the code and the system call of a network error if
 * they are common ones, a numeric address with its port, and the stack without the message. Errors that an error
 * contains (its `cause`, the `errors` of an `AggregateError`) are included.
 *
 * @public
 */
export function safeCause(error: unknown, known: readonly string[] = []): Error {
  const errors = withInner(error);
  const said = new Set(errors.flatMap((each) => [wordsIn(each, known), failureOf(each)]).filter((text) => text !== ""));
  const message = [...said].join("; ") || "The message is unknown and left out.";
  const code = errors.map(codeOf).find((each) => each !== undefined);
  const name = nameOf(error, known);
  const cause = Object.assign(new Error(message), code !== undefined && { code });
  Object.defineProperty(cause, "name", { value: name, configurable: true, writable: true });
  const frames = framesOf(error) || framesOf(cause);
  if (frames !== "") cause.stack = `${name}: ${message}${frames}`;
  return cause;
}

/** A client may keep a list of failures for each attempt: the first ones are enough. */
const MAX_ERRORS = 8;

/** Returns an error and the errors that it contains, outermost first. */
function withInner(error: unknown): object[] {
  const found = new Set<object>();
  const waiting: unknown[] = [error];
  while (waiting.length > 0 && found.size < MAX_ERRORS) {
    const next = waiting.shift();
    if (typeof next !== "object" || next === null || found.has(next)) continue;
    found.add(next);
    if ("errors" in next && Array.isArray(next.errors)) waiting.push(...next.errors);
    if ("cause" in next) waiting.push(next.cause);
  }
  return [...found];
}

/** Returns the known words of the message in order of appearance. If one contains another, only the longer one counts. */
function wordsIn(error: object, known: readonly string[]): string {
  const message = textOf(error, "message");
  const present = known.filter((words) => stands(words, message));
  const said = present.filter((words) => !present.some((longer) => longer !== words && stands(words, longer)));
  if (said.length === 0) return "";
  said.sort((one, other) => message.indexOf(one) - message.indexOf(other));
  return said.length === 1 && said[0] === message ? message : `${said.join(" … ")} …`;
}

/** Checks if the words occur in the text, and not as part of longer words. */
function stands(words: string, text: string): boolean {
  for (let index = text.indexOf(words); index >= 0; index = text.indexOf(words, index + 1)) {
    const isWhole = !isOfWord(text[index - 1]) && !isOfWord(text[index + words.length]);
    if (isWhole) return true;
  }
  return false;
}

function isOfWord(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character);
}

/** Describes the failure of a system call in the words of the system. */
function failureOf(error: object): string {
  const syscall = textOf(error, "syscall");
  const code = codeOf(error);
  if (code === undefined) return "";
  return [systemCalls.has(syscall) ? syscall : "", code, addressOf(error)].filter((text) => text !== "").join(" ");
}

/** Omits host names: a malformed URL may have a password in that position. */
function addressOf(error: object): string {
  const address = textOf(error, "address");
  if (!/^(\d{1,3}\.){3}\d{1,3}$|^(?=.*:.*:)[\da-f:]{2,39}$/i.test(address)) return "";
  const port: unknown = "port" in error ? error.port : undefined;
  return Number.isInteger(port) ? `${address}:${port}` : address;
}

function codeOf(error: object): string | undefined {
  const code = textOf(error, "code");
  return systemCodes.has(code) ? code : undefined;
}

function nameOf(error: unknown, known: readonly string[]): string {
  const name = typeof error === "object" && error !== null ? textOf(error, "name") : "";
  return builtInNames.has(name) || known.includes(name) ? name : "Error";
}

/** Returns the stack frames after the message, leaving out any other lines. */
function framesOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const stack = textOf(error, "stack");
  const message = textOf(error, "message");
  const index = stack.indexOf(message);
  if (index < 0) return "";
  const lines = stack.slice(index + message.length).split("\n");
  return lines
    .filter((line) => /^ {4}at \S/.test(line))
    .map((line) => `\n${line}`)
    .join("");
}

function textOf(error: object, name: "name" | "message" | "stack" | "code" | "syscall" | "address"): string {
  const value: unknown = name in error ? error[name as never] : undefined;
  return typeof value === "string" ? value : "";
}

const builtInNames: ReadonlySet<string> = new Set(
  "AbortError AggregateError EvalError RangeError ReferenceError SyntaxError TimeoutError TypeError URIError".split(
    " ",
  ),
);
