import type { ShownRecord } from "../schema/withheld.ts";

/** Returns a record without the attributes that have ended; the record itself if there are none. */
export function withoutEnded(record: ShownRecord, now: number): ShownRecord {
  const { attributes, attributeEnds, withheld } = record;
  if (attributeEnds === undefined) return record;
  const ended = new Set([...attributeEnds].filter(([, end]) => end <= now).map(([name]) => name));
  if (ended.size === 0) return record;
  const left = { attributes: new Map(attributes), attributeEnds: new Map(attributeEnds) };
  for (const name of ended) {
    left.attributes.delete(name);
    left.attributeEnds.delete(name);
  }
  return { ...record, ...left, withheld: withheld?.without((name) => ended.has(name)) };
}
