const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const SPACE = 0x20;

/** Checks if a text known to be JSON has exactly this number of members, each counted as often as it occurs. */
export function hasMembers(json: string, count: number): boolean {
  return countLikelyColons(json) === count || countColons(json) === count;
}

/** Counts the colons that may separate a name from a value. Few others follow a quotation mark or white space. */
function countLikelyColons(json: string): number {
  let colons = 0;
  for (let index = json.indexOf(":"); index >= 0; index = json.indexOf(":", index + 1)) {
    const before = json.charCodeAt(index - 1);
    if (before === QUOTE || before <= SPACE) colons += 1;
  }
  return colons;
}

/** Counts the colons outside strings. Each member has exactly one. */
function countColons(json: string): number {
  let colons = 0;
  for (let index = 0; index < json.length; index += 1) {
    const unit = json.charCodeAt(index);
    if (unit === QUOTE) index = closingQuote(json, index);
    else if (unit === COLON) colons += 1;
  }
  return colons;
}

/** Searches for the quotation mark, which is much faster than checking each character. */
function closingQuote(json: string, start: number): number {
  let index = start;
  do {
    index = json.indexOf('"', index + 1);
    if (index < 0) return json.length;
  } while (isEscaped(json, index));
  return index;
}

function isEscaped(json: string, index: number): boolean {
  let backslashes = 0;
  while (json.charCodeAt(index - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

/** A range of the bytes. */
export interface Span {
  readonly start: number;
  /** The index after its last byte. */
  readonly end: number;
}

/** A member of an object in the bytes. */
export interface Member {
  readonly name: Span;
  /** The index at which its value begins; {@link endOfValue} finds its end. */
  readonly valueStart: number;
}

/** Finds the next member of an object from an index between two members, in bytes known to be JSON. */
export function nextMember(json: Uint8Array, index: number): Member | undefined {
  const start = skipTo(json, index, QUOTE, CLOSING_BRACE);
  if (json[start] !== QUOTE) return undefined;
  const end = endOfString(json, start) + 1;
  return { name: { start, end }, valueStart: skipSpace(json, skipTo(json, end, COLON, COLON) + 1) };
}

function skipTo(json: Uint8Array, start: number, one: number, other: number): number {
  let index = start;
  while (index < json.length && json[index] !== one && json[index] !== other) index += 1;
  return index;
}

export function skipSpace(json: Uint8Array, start: number): number {
  let index = start;
  while ((json[index] as number) <= SPACE) index += 1;
  return index;
}

export function endOfValue(json: Uint8Array, start: number): number {
  const first = json[start];
  if (first === QUOTE) return endOfString(json, start) + 1;
  if (first === OPENING_BRACE || first === OPENING_BRACKET) return endOfNested(json, start);
  let index = start;
  while (!isEndOfScalar(json[index])) index += 1;
  return index;
}

function isEndOfScalar(byte: number | undefined): boolean {
  return byte === undefined || byte <= SPACE || byte === COMMA || byte === CLOSING_BRACE || byte === CLOSING_BRACKET;
}

function endOfNested(json: Uint8Array, start: number): number {
  let levels = 0;
  for (let index = start; index < json.length; index += 1) {
    const byte = json[index];
    if (byte === QUOTE) index = endOfString(json, index);
    else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) levels += 1;
    else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) levels -= 1;
    if (levels === 0) return index + 1;
  }
  return json.length;
}

function endOfString(json: Uint8Array, start: number): number {
  let index = start + 1;
  while (index < json.length && json[index] !== QUOTE) index += json[index] === BACKSLASH ? 2 : 1;
  return index;
}
