import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Json, parseJson } from "sessionwire/backend";

/** Names and texts in which each character that has a meaning in JSON stands inside of a string. */
const text = fc.string({
  unit: fc.constantFrom("a", "b", '"', "\\", ":", "{", "}", "[", ",", "\n", "é", "\u{1f600}", "\ud800"),
});
const space = fc.constantFrom("", " ", "\n\t ");
const scalar = fc.oneof(
  text.map((value) => JSON.stringify(value)),
  text.map(escapeAll),
  fc.constantFrom("null", "true", "false", "0", "-0", "1.50", "1e2", "1e999", "-1e999", "12"),
);

/** JSON as any program may have written it: with white space, escapes, and at times with a name that stands twice. */
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(tie("json"), { maxLength: 4 }).map((values) => `[${values.join(",")}]`),
    fc
      .array(fc.tuple(text, fc.boolean(), space, tie("json")), { maxLength: 4 })
      .map(
        (members) =>
          `{${members.map(([name, escaped, gap, value]) => `${gap}${escaped ? escapeAll(name) : JSON.stringify(name)}${gap}:${gap}${value}`).join(",")}}`,
      ),
  ),
}));

interface Edit {
  readonly at: number;
  readonly length: number;
  readonly added: string;
}

/** Something cut out of the text, and something put in its place. */
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 2 }),
  added: fc.constantFrom("", '"', "\\", ":", "{", "}", ",", "1"),
});

/** JSON is read as by JSON.parse, and refused where a name stands twice; so is what is no JSON. */
export function wellFormedProperty(parts: { readonly parseJson: typeof parseJson }): fc.IRawProperty<unknown> {
  return fc.property(json, edit, fc.boolean(), (written, change, isEdited) => {
    const text = isEdited ? edited(written, change) : written;
    deepStrictEqual(outcomeOf(parts.parseJson, text), outcomeOf(parseByNames, text));
  });
}

function edited(text: string, { at, length, added }: Edit): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + added + text.slice(place + length);
}

/** The value as text, which tells -0 from 0 no more than JSON does. */
export function outcomeOf(read: (data: Uint8Array) => Json, written: string): string {
  try {
    return JSON.stringify(read(new TextEncoder().encode(written)));
  } catch {
    return "refused";
  }
}

/** Does the same by looking at each name. */
export function parseByNames(data: Uint8Array): Json {
  const written = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  const value: Json = JSON.parse(written);
  checkNames(written);
  return value;
}

function checkNames(written: string): void {
  const open: (Set<string> | undefined)[] = [];
  let name = "";
  for (const [token] of written.matchAll(/"(?:[^"\\]|\\.)*"|[:{}[\]]/gs)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") addName(open.at(-1), name);
    else name = JSON.parse(token);
  }
}

function addName(names: Set<string> | undefined, name: string): void {
  if (names?.has(name)) throw new RangeError("It stands there twice.");
  names?.add(name);
}

function escapeAll(value: string): string {
  const units = Array.from({ length: value.length }, (_, place) =>
    value.charCodeAt(place).toString(16).padStart(4, "0"),
  );
  return `"${units.map((unit) => `\\u${unit}`).join("")}"`;
}
