import { type Outcome, SessionError } from "../errors.ts";
import type { DestroyOptions, ListOptions, ReadOptions, WriteOptions } from "../handler.ts";

/**
 * The maximum time to live, in seconds: the largest that every store can represent.
 *
 * @public
 */
export const MAX_TTL_SECONDS: number = 2 ** 31 - 1;

/**
 * The maximum delay of `setTimeout`, in milliseconds. A longer one would fire at once.
 *
 * @public
 */
export const MAX_DELAY_MS: number = 2 ** 31 - 1;

/**
 * The upper bound of a handler's `maxBytes`, 512 MiB: no store accepts larger values.
 *
 * @public
 */
export const MAX_BYTES: number = 2 ** 29;

const MAX_ID_LENGTH = 1024;

export function checkRead(id: unknown, options: ReadOptions | undefined): void {
  checkId(id);
  if (options?.ttlSeconds !== undefined) checkTtlSeconds(options.ttlSeconds);
}

/** Requires `replaces`: a write without it would be taken for a creation that was not intended. */
export function checkWrite(id: unknown, data: unknown, options: WriteOptions): void {
  checkId(id, "not-applied");
  checkData(data);
  checkObject("The options of write", options);
  if (!("replaces" in options)) throw new TypeError("write needs `replaces`: a version, or undefined to create.");
  checkVersion(options.replaces);
  checkTtlSeconds(options.ttlSeconds);
}

export function checkTouch(id: unknown, ttlSeconds: unknown): void {
  checkId(id, "not-applied");
  checkTtlSeconds(ttlSeconds);
}

/** Refuses unknown options: with a misspelled `replaces`, a destroy would be unconditional. */
export function checkDestroy(id: unknown, options: DestroyOptions | undefined): void {
  checkId(id, "not-applied");
  if (options === undefined) return;
  checkOptionNames("destroy", options, ["replaces", "signal", "cancellation"]);
  checkVersion(options.replaces);
}

/** Refuses unknown options: with a misspelled `prefix` or `cursor`, a listing would be a different one, or never end. */
export function checkList(options: ListOptions | undefined): void {
  if (options === undefined) return;
  checkOptionNames("list", options, ["prefix", "cursor", "signal", "cancellation"]);
  const { prefix, cursor } = options;
  if (prefix !== undefined && prefix !== "" && !isId(prefix)) {
    throw new SessionError("invalid-id", `An id prefix must be "" or ${idRule}; this one is ${describeId(prefix)}.`);
  }
  if (cursor === undefined || (typeof cursor === "string" && cursor !== "")) return;
  throw new TypeError("`cursor` must be the `next` of a page, or undefined.");
}

/**
 * Checks if a value can be a session id: a string of 1 to 1024 UTF-16 units without unpaired surrogates.
 *
 * @public
 */
export function isId(id: unknown): id is string {
  return typeof id === "string" && id.length >= 1 && id.length <= MAX_ID_LENGTH && id.isWellFormed();
}

/** Refuses anything that is not a valid id. The id itself stays out of the message. */
function checkId(id: unknown, outcome?: Outcome): void {
  if (isId(id)) return;
  throw new SessionError("invalid-id", `A session id must be ${idRule}; this one is ${describeId(id)}.`, { outcome });
}

const idRule = `a string of 1 to ${MAX_ID_LENGTH} UTF-16 units without unpaired surrogates`;

function describeId(id: unknown): string {
  if (typeof id !== "string") return Array.isArray(id) ? "an array" : `of type ${id === null ? "null" : typeof id}`;
  if (id.length === 0) return "empty";
  return id.length > MAX_ID_LENGTH ? `${id.length} units long` : "not well-formed";
}

function checkTtlSeconds(ttlSeconds: unknown): void {
  if (isWholeNumber(ttlSeconds, 1, MAX_TTL_SECONDS)) return;
  throw new RangeError(`ttlSeconds must be a whole number from 1 to ${MAX_TTL_SECONDS}, not ${print(ttlSeconds)}.`);
}

export function checkData(data: unknown): void {
  if (isBytes(data)) return;
  throw new TypeError("Session data must be a Uint8Array.");
}

/** Checks the tag rather than `instanceof`, so that arrays from another realm (a test runner, a worker) count, too. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && (value as Partial<Uint8Array>)[Symbol.toStringTag] === "Uint8Array";
}

/** Refuses data above the handler's limit, if there is one. */
export function checkSize({ byteLength }: Uint8Array, maxBytes: number | undefined): void {
  if (maxBytes === undefined || byteLength <= maxBytes) return;
  throw new SessionError("too-large", `The session has ${byteLength} bytes; at most ${maxBytes} are allowed.`, {
    outcome: "not-applied",
  });
}

function checkVersion(version: unknown): void {
  if (version === undefined || (typeof version === "string" && version !== "")) return;
  throw new TypeError("`replaces` must be a version that a handler returned, or undefined.");
}

export function checkSignal(signal: unknown): void {
  if (signal === undefined || isCancelSource(signal)) return;
  throw new TypeError("`signal` must be an AbortSignal.");
}

export function checkCancellation(cancellation: unknown): void {
  if (isCancelSource(cancellation) && "signal" in cancellation) return;
  throw new TypeError("`cancellation` must be a cancellation passed on by a decorator.");
}

function isCancelSource(value: unknown): value is object {
  return typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value;
}

/**
 * Checks an option that is a count.
 *
 * @throws `RangeError` for anything but a whole number from `min` to `max`, with the name and the value in its message.
 *
 * @public
 */
export function checkCount(name: string, value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): void {
  if (isWholeNumber(value, min, max)) return;
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${print(value)}.`);
}

/**
 * Checks that options have only `known` names: a misspelled option must not be ignored silently.
 *
 * @throws `TypeError` for a value that is not an object, and for an unknown name. Its message names the owner of the
 * options (`of`) and, if `hints` has an entry for the name, the replacement.
 *
 * @public
 */
export function checkOptionNames(
  of: string,
  options: unknown,
  known: readonly string[],
  hints: Readonly<Record<string, string>> = noHints,
): void {
  if (typeof options !== "object" || options === null) throw noObject(`The options of ${of}`, options);
  for (const name of Object.keys(options)) if (!known.includes(name)) throw unknownOption(of, name, hints);
}

const noHints: Readonly<Record<string, string>> = {};

function unknownOption(of: string, name: string, hints: Readonly<Record<string, string>>): TypeError {
  const hint = Object.hasOwn(hints, name) ? ` ${hints[name]}` : "";
  return new TypeError(`${of} has no option "${name}".${hint}`);
}

/**
 * Checks that the object given to an adapter or a decorator has these methods: without the check, the first call would
 * fail instead of the factory.
 *
 * @throws `TypeError` for a value that is not an object, and for a missing method. Its message names the object (`of`).
 *
 * @public
 */
export function checkMethods(of: string, given: unknown, methods: readonly string[]): void {
  checkObject(of, given);
  for (const method of methods) {
    if (!(method in given) || typeof given[method as never] !== "function") {
      throw new TypeError(`${of} has no method "${method}".`);
    }
  }
}

/**
 * Checks that an option is a {@link Clock}.
 *
 * @throws `TypeError` for anything else.
 *
 * @public
 */
export function checkClock(clock: unknown): void {
  checkMethods("The clock", clock, ["now", "monotonic", "schedule"]);
}

function checkObject(what: string, value: unknown): asserts value is object {
  if (typeof value !== "object" || value === null) throw noObject(what, value);
}

function noObject(what: string, value: unknown): TypeError {
  return new TypeError(`${what} must be an object, not ${print(value)}.`);
}

function isWholeNumber(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

export function print(value: unknown): string {
  return typeof value === "number" ? String(value) : `a value of type ${value === null ? "null" : typeof value}`;
}
