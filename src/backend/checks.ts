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

export function checkObject(what: string, value: unknown): asserts value is object {
  if (typeof value !== "object" || value === null) throw noObject(what, value);
}

function noObject(what: string, value: unknown): TypeError {
  return new TypeError(`${what} must be an object, not ${print(value)}.`);
}

export function isWholeNumber(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

export function print(value: unknown): string {
  return typeof value === "number" ? String(value) : `a value of type ${value === null ? "null" : typeof value}`;
}
