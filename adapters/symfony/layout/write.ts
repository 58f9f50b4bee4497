import { entriesOf } from "../php-text/entries-of.ts";
import { writeName } from "../php-text/session-writer.ts";
import { writeKey, writeStart } from "../php-text/writer.ts";
import type { Origin } from "./origin.ts";
import { Output } from "./output.ts";
import type { Placement } from "./placement.ts";

/** An array or object whose members are not complete yet. */
interface Open {
  readonly placement: Placement;
  missing: number;
}

/** Returns the bytes of a session from the placements of its values; `size` is the number of its own members. */
export function write(origin: Origin, placements: readonly Placement[], size: number): Uint8Array {
  const { bytes, serializer, entries, slots } = origin.session;
  const output = new Output(bytes);
  const outer = serializer === "php_serialize" ? (slots[1] ?? NOWHERE) : undefined;
  const first = entries[0];
  if (outer && size === entries.length && first) output.copy(outer.start, first.start);
  else if (outer) output.sink.ascii(`a:${size}:{`);
  const open: Open[] = [];
  for (const placement of placements) {
    const parent = open.at(-1);
    if (parent) writeKeyOf(placement, parent, output);
    else writeName(placement.key, serializer, output.sink);
    writeValue(placement, output);
    if (parent) parent.missing -= 1;
    if (placement.size > 0) open.push({ placement, missing: placement.size });
    for (let inner = open.at(-1); inner?.missing === 0; inner = open.at(-1)) {
      if (inner.placement.isKept) output.copy(inner.placement.node.end - 1, inner.placement.node.end);
      else output.sink.ascii("}");
      open.pop();
    }
  }
  if (outer) output.sink.ascii("}");
  if (outer) output.copy(outer.end, bytes.length);
  return output.take();
}

const NOWHERE = { start: 0, end: 0 };

function writeKeyOf({ key, keyStart, source }: Placement, parent: Open, output: Output): void {
  if (keyStart !== undefined) output.copy(keyStart, source.start);
  else writeKey(key, parent.placement.node.kind === "array", output.sink);
}

/** Writes a value: in full if it has no members, otherwise up to the key of its first member. */
function writeValue({ form, first, isKept, node, size, source }: Placement, output: Output): void {
  if (form === "value" && isKept) {
    output.copy(node.start, size > 0 ? (entriesOf(node)[0]?.start ?? node.end) : node.end);
  } else if (form === "value") {
    writeStart(node, output.sink);
    if (size === 0 && (node.kind === "array" || node.kind === "object")) output.sink.ascii("}");
  } else if (form === "verbatim") output.copy(source.start, source.end);
  else output.sink.ascii(`${form === "reference" ? "R" : "r"}:${first?.slot};`);
}
