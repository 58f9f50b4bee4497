import { type Outcome, SessionError } from "../errors.ts";
import type { DestroyOptions, ListOptions, ReadOptions, WriteOptions } from "../handler.ts";
import { checkObject, checkOptionNames, isWholeNumber, MAX_TTL_SECONDS, print } from "./checks.ts";

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
