import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { expressFormat, nativeFormat } from "sessionwire";
import type { Json, SessionFormat, SessionRecord } from "sessionwire/backend";

interface FormatParts {
  readonly nativeFormat: typeof nativeFormat;
  readonly expressFormat: typeof expressFormat;
}

/** Long enough to be kept, and with each character that has a meaning in JSON. */
const long: fc.Arbitrary<Json> = fc
  .string({
    unit: fc.constantFrom("a", '"', "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "é", "\u{1f600}"),
    maxLength: 9,
  })
  .map((text) => `${text}${"x".repeat(2100)}}${text}`);
const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json[]>(1, "short", "of 2, 3 and 4 bytes: é€\u{1f600}", null, [], {}),
  long,
  long.map((text) => ({ text, list: [[text], {}] })),
);
const name = fc.constantFrom("a", "b", "10", "9", "__proto__", 'qu"ote', "attributes", "flashes", "é");

const step = fc.record({
  /** Laid over the record that was written last, or over the one before, as when a write was refused. */
  isOverLast: fc.boolean(),
  changes: fc.array(fc.tuple(name, fc.option(value)), { maxLength: 3 }),
  flash: fc.option(long),
});

const story = fc.record({
  isNative: fc.boolean(),
  beginning: fc.option(fc.record({ attributes: fc.array(fc.tuple(name, value)), indent: fc.nat(2) })),
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
});

/** A record is written as if nothing of its text had been kept: as the same bytes where JSON.stringify has made the first ones. */
export function keptTextsProperty({ nativeFormat, expressFormat }: FormatParts): fc.IRawProperty<unknown> {
  return fc.property(story, ({ isNative, beginning, steps }) => {
    const format = isNative ? nativeFormat() : expressFormat();
    const created = format.create(0);
    const first = { ...created, attributes: new Map(beginning?.attributes) };
    const read = beginning ? format.decode(indented(format.encode(first), beginning.indent)) : created;
    let [before, last] = [read, read];
    for (const { isOverLast, changes, flash } of steps) {
      const changed = withChanges(isOverLast ? last : before, changes, flash, format);
      deepStrictEqual(written(format, changed, beginning?.indent), written(format, plain(changed), beginning?.indent));
      [before, last] = [last, changed];
    }
  });
}

function withChanges(
  record: SessionRecord,
  changes: readonly (readonly [string, Json])[],
  flash: Json,
  format: SessionFormat,
): SessionRecord {
  const attributes = new Map(record.attributes);
  for (const [name, value] of changes) {
    if (value === null) attributes.delete(name);
    else attributes.set(name, value);
  }
  const flashes = flash === null ? record.flashes : new Map([["notice", [format.flashEntry(flash)]]]);
  return format.stamp({ ...record, attributes, flashes }, 1);
}

/** The same, without what a format has put into it besides. */
function plain({ attributes, flashes, metadata, tokens }: SessionRecord): SessionRecord {
  return { attributes, flashes, metadata, tokens };
}

function indented(data: Uint8Array, indent: number): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(JSON.parse(new TextDecoder().decode(data)), null, indent));
}

function written(format: SessionFormat, record: SessionRecord, indent = 0): string {
  const data = format.encode(record);
  format.decode(data); // it is well-formed
  const text = new TextDecoder().decode(data);
  return indent === 0 ? text : JSON.stringify(JSON.parse(text));
}
