import type { SessionFormat } from "../../formats/format.ts";
import { cloneJson, copyJson, type Json, Room } from "../../formats/json.ts";
import type { FlashEntry } from "../../formats/record.ts";
import type { TypedAttributes } from "../schema/typed-attributes.ts";
import type { Overlay, WorkingCopy } from "./working-copy.ts";

/**
 * One recorded change. It is made at once on the seen content, and repeated on newer content if another writer was
 * faster.
 */
export interface Change {
  /** `true` if the change is idempotent: repeating it last changes nothing more. */
  readonly isRepeatable: boolean;
  apply(content: WorkingCopy): void;
}

export function setAttribute(name: string, { value, bytes }: AcceptedValue, end: number | undefined): Change {
  return { isRepeatable: true, apply: (content) => content.setAttribute(name, value, bytes, end) };
}

export function deleteAttribute(name: string): Change {
  return { isRepeatable: true, apply: (content) => content.setAttribute(name, undefined) };
}

/**
 * Makes a change by a function, which gets a copy: it may change the copy in place, and never sees the result of an
 * earlier run. The attribute keeps its end.
 */
export function updateAttribute(
  name: string,
  change: (current: Json | undefined) => unknown,
  rules: ValueRules,
): Change {
  return {
    isRepeatable: false,
    apply(content) {
      const current = content.attributeAt(rules.times.now(), name);
      const result = change(current && cloneJson(current));
      refusePromise(result);
      if (result === undefined) return content.setAttribute(name, undefined);
      const { value, bytes } = acceptedValue(name, result, content, rules);
      content.setAttribute(name, value, bytes, current === undefined ? undefined : content.endOf(name));
    },
  };
}

/** The rules for values of attributes. */
export interface ValueRules {
  readonly format: SessionFormat;
  /** Maximum size of a session in bytes. */
  readonly maxBytes: number;
  readonly times: { now(): number };
  /** The types of the attributes, if the application has declared them by a schema. */
  readonly typed: TypedAttributes | undefined;
}

/** A value as it is stored, and the minimum size that it takes. */
export interface AcceptedValue {
  readonly value: Json;
  readonly bytes: number;
}

/** Returns a copy of the value as it is stored. */
export function acceptedValue(name: string, value: unknown, content: WorkingCopy, rules: ValueRules): AcceptedValue {
  const { format, times, typed } = rules;
  const room = roomFor(name, content, content.attributes, rules);
  const copy = copyJson(value, room);
  const accepted = typed ? typed.accept(name, copy, content.attributesAt(times.now())) : copy;
  format.checkAttribute(name, accepted);
  return { value: accepted, bytes: room.taken };
}

export function addFlash(type: string, entry: FlashEntry, bytes: number): Change {
  return {
    isRepeatable: false,
    apply: ({ flashes }) => flashes.set(type, [...(flashes.get(type) ?? []), entry], flashes.bytesOf(type) + bytes),
  };
}

/** Removes the entries that were seen, each once, and none that came later. */
export function takeFlashes(type: string, seen: readonly FlashEntry[]): Change {
  return {
    isRepeatable: false,
    apply({ flashes }) {
      const left = [...(flashes.get(type) ?? [])];
      for (const { id } of seen) {
        const index = left.findIndex((entry) => entry.id === id);
        if (index >= 0) left.splice(index, 1);
      }
      flashes.set(type, left.length === 0 ? undefined : left);
    },
  };
}

export function setMetadata(name: string, value: Json, bytes: number): Change {
  return { isRepeatable: true, apply: ({ metadata }) => metadata.set(name, value, bytes) };
}

/** Returns the room for a value under a name, which replaces the one before. */
export function roomFor(
  name: string,
  content: WorkingCopy,
  replaced: Overlay<unknown>,
  { format, maxBytes }: ValueRules,
): Room {
  const room = new Room(format, maxBytes, content.bytes - replaced.bytesOf(name));
  room.takeText(name);
  return room;
}

/** Refuses a promise: a function that may run again must be finished when it returns. */
export function refusePromise(result: unknown): void {
  if (typeof result !== "object" || result === null || !("then" in result) || typeof result.then !== "function") return;
  // Nobody handles it any more, so its rejection must not end the process.
  Promise.resolve(result as PromiseLike<unknown>).then(undefined, () => {});
  throw new TypeError(
    "The function of an update must not return a promise, because it may run again. For asynchronous work: open, change, save.",
  );
}
