import { entriesOf } from "./entries-of.ts";
import type { PhpEntry, PhpNode } from "./nodes.ts";
import { checkReferences } from "./references.ts";
import type { PhpSerializer, PhpSession, PhpText, PhpValueText } from "./session.ts";
import type { ValueReader } from "./value-reader.ts";

/** The common part of values and sessions. Nodes by slots are collected on demand. */
export class ReadText implements PhpText {
  readonly bytes: Uint8Array;
  readonly references: PhpText["references"];
  readonly firstSerializable: number | undefined;
  readonly #roots: () => readonly PhpNode[];
  #slots: readonly (PhpNode | undefined)[] | undefined;

  constructor(reader: ValueReader, roots: () => readonly PhpNode[]) {
    checkReferences(reader, roots);
    this.bytes = reader.bytes;
    this.references = reader.references;
    this.firstSerializable = reader.firstSerializable;
    this.#roots = roots;
  }

  get slots(): readonly (PhpNode | undefined)[] {
    this.#slots ??= slotsOf(this.#roots());
    return this.#slots;
  }
}

/** A single value, as read. */
export class ReadValueText extends ReadText implements PhpValueText {
  readonly value: PhpNode;

  constructor(reader: ValueReader, value: PhpNode) {
    super(reader, () => [value]);
    this.value = value;
  }
}

/** A session, as read. */
export class ReadSession extends ReadText implements PhpSession {
  readonly serializer: PhpSerializer;
  readonly entries: readonly PhpEntry[];

  /** With `php_serialize`, `array` is the value that contains the entries. */
  constructor(
    reader: ValueReader,
    serializer: PhpSerializer,
    entries: readonly PhpEntry[],
    array?: PhpNode | undefined,
  ) {
    super(reader, () => (array === undefined ? entries.map(({ value }) => value) : [array]));
    this.serializer = serializer;
    this.entries = entries;
  }
}

function slotsOf(roots: readonly PhpNode[]): (PhpNode | undefined)[] {
  const slots: (PhpNode | undefined)[] = [undefined];
  const waiting = roots.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.slot > 0) slots[node.slot] = node;
    const members = entriesOf(node);
    for (let index = members.length - 1; index >= 0; index -= 1) waiting.push(members[index]?.value as PhpNode);
  }
  return slots;
}
