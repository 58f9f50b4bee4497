const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const SPACE = 0x20;

/** Counts the colons outside of strings, of which each member has one, in text that is known to be JSON. */
export function countColons(json: string): number {
  let colons = 0;
  for (let place = 0; place < json.length; place += 1) {
    const unit = json.charCodeAt(place);
    if (unit === QUOTE) place = closingQuote(json, place);
    else if (unit === COLON) colons += 1;
  }
  return colons;
}

/** Searches, which takes much less than to look at each character. */
function closingQuote(json: string, start: number): number {
  let place = start;
  do {
    place = json.indexOf('"', place + 1);
    if (place < 0) return json.length;
  } while (isEscaped(json, place));
  return place;
}

function isEscaped(json: string, place: number): boolean {
  let backslashes = 0;
  while (json.charCodeAt(place - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

/** The part of the bytes in which something stands. */
export interface Span {
  readonly start: number;
  /** The place behind it. */
  readonly end: number;
}

/** Finds the members of the object that begins at a place, in bytes that are known to be JSON. */
export function membersAt(json: Uint8Array, start: number): { readonly name: Span; readonly value: Span }[] {
  const members: { readonly name: Span; readonly value: Span }[] = [];
  let place = start + 1;
  for (;;) {
    place = skipTo(json, place, QUOTE, CLOSING_BRACE);
    if (json[place] !== QUOTE) return members;
    const name = { start: place, end: endOfString(json, place) + 1 };
    const valueStart = skipSpace(json, skipTo(json, name.end, COLON, COLON) + 1);
    place = endOfValue(json, valueStart);
    members.push({ name, value: { start: valueStart, end: place } });
  }
}

function skipTo(json: Uint8Array, start: number, one: number, other: number): number {
  let place = start;
  while (place < json.length && json[place] !== one && json[place] !== other) place += 1;
  return place;
}

export function skipSpace(json: Uint8Array, start: number): number {
  let place = start;
  while ((json[place] as number) <= SPACE) place += 1;
  return place;
}

function endOfValue(json: Uint8Array, start: number): number {
  const first = json[start];
  if (first === QUOTE) return endOfString(json, start) + 1;
  if (first === OPENING_BRACE || first === OPENING_BRACKET) return endOfNested(json, start);
  let place = start;
  while (!isEndOfScalar(json[place])) place += 1;
  return place;
}

function isEndOfScalar(byte: number | undefined): boolean {
  return byte === undefined || byte <= SPACE || byte === COMMA || byte === CLOSING_BRACE || byte === CLOSING_BRACKET;
}

function endOfNested(json: Uint8Array, start: number): number {
  let levels = 0;
  for (let place = start; place < json.length; place += 1) {
    const byte = json[place];
    if (byte === QUOTE) place = endOfString(json, place);
    else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) levels += 1;
    else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) levels -= 1;
    if (levels === 0) return place + 1;
  }
  return json.length;
}

function endOfString(json: Uint8Array, start: number): number {
  let place = start + 1;
  while (place < json.length && json[place] !== QUOTE) place += json[place] === BACKSLASH ? 2 : 1;
  return place;
}
