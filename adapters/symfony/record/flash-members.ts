import type { FlashEntry, SessionRecord } from "sessionwire/backend";
import { NOWHERE, type PhpEntry, type PhpKey, type PhpNode } from "../php-text/nodes.ts";
import { nodeOf } from "../values/fresh-nodes.ts";
import type { NodeValues } from "../values/node-values.ts";
import { createFlashEntry } from "./flash-entry.ts";
import { keyOf, nameOf } from "./named-members.ts";

/** The messages of a FlashBag of Symfony, as lists by type. */
export class FlashMembers {
  /** The messages by type, without empty types. */
  readonly messages: SessionRecord["flashes"];
  readonly #entries: readonly PhpEntry[];
  /** The members of the lists, by their messages. */
  readonly #members = new Map<FlashEntry, PhpEntry>();

  /** `known` are the messages of an earlier read. */
  constructor(entries: readonly PhpEntry[], nodes: NodeValues, known?: SessionRecord["flashes"]) {
    this.#entries = entries;
    const messages = new Map<string, readonly FlashEntry[]>();
    for (const { key, value } of entries) {
      const type = nameOf(key);
      if (type === undefined) continue;
      const list = listIn(value);
      const waiting = known ? known.get(type) : list.map((entry) => createFlashEntry(nodes.of(entry.value)));
      waiting?.forEach((message, index) => {
        this.#members.set(message, list[index] as PhpEntry); // they have been read from this list
      });
      if (waiting && waiting.length > 0) messages.set(type, waiting);
      else messages.delete(type);
    }
    this.messages = known ?? messages;
  }

  /** Returns the members of the bag with other messages. */
  edit(messages: SessionRecord["flashes"]): readonly PhpEntry[] {
    if (messages === this.messages) return this.#entries;
    const edited: PhpEntry[] = [];
    const known = new Set<string | undefined>();
    for (const entry of this.#entries) {
      const type = nameOf(entry.key);
      known.add(type);
      const [before, now] = type === undefined ? [] : [this.messages.get(type), messages.get(type)];
      if (before === now) edited.push(entry);
      else if (now) edited.push({ key: entry.key, value: this.#list(now, entry.value), start: 0 });
    }
    for (const [type, waiting] of messages) {
      if (!known.has(type)) edited.push({ key: keyOf(type), value: this.#list(waiting), start: 0 });
    }
    return edited;
  }

  /** Returns the array of these messages. A list stays a list; other arrays keep their keys. */
  #list(messages: readonly FlashEntry[], before?: PhpNode): PhpNode {
    const isList = before?.kind !== "array" || before.entries.every(({ key }, index) => key === index);
    let next: bigint = 0n;
    const entries = messages.map((message, index): PhpEntry => {
      const kept = this.#members.get(message);
      const key: PhpKey = isList ? index : (kept?.key ?? keyAfter(next));
      if (typeof key === "number" || typeof key === "bigint") next = BigInt(key) >= next ? BigInt(key) + 1n : next;
      return { key, value: kept?.value ?? nodeOf(message.value), start: 0 };
    });
    return { ...NOWHERE, kind: "array", entries };
  }
}

/** A type with a value that is not an array has that one message, or none if PHP takes the value for false. */
function listIn(node: PhpNode): readonly PhpEntry[] {
  if (node.kind === "array") return node.entries;
  return isFalse(node) ? [] : [{ key: 0, value: node, start: 0 }];
}

function keyAfter(next: bigint): PhpKey {
  const number = Number(next);
  return Number.isSafeInteger(number) ? number : next;
}

function isFalse(node: PhpNode): boolean {
  if (node.kind === "null") return true;
  return "value" in node && (!node.value || node.value === "0");
}
