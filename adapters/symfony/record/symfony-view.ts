import type { PhpEntry, PhpNode } from "../php-text/nodes.ts";
import type { PhpSession } from "../php-text/session.ts";
import { arrayNode } from "../values/fresh-nodes.ts";
import { NodeValues } from "../values/node-values.ts";
import { AutoExpireFlashes } from "./auto-expire-flashes.ts";
import { FlashMembers } from "./flash-members.ts";
import { keyOf, NamedMembers, nameOf } from "./named-members.ts";
import type { Content, SessionView } from "./php-record.ts";

/** The storage keys and kinds of Symfony's bags. */
export interface Bags {
  readonly attributesKey: string;
  readonly flashesKey: string;
  readonly metadataKey: string;
  /** `true` for an AutoExpireFlashBag. */
  readonly autoExpireFlashes: boolean;
}

/** Shows the bags of Symfony. Other members of `$_SESSION` are not shown, and are kept. */
export class SymfonyView implements SessionView {
  readonly content: Content;
  readonly isPlain: boolean;
  readonly #bags: Bags;
  readonly #nodes: NodeValues;
  readonly #members: readonly PhpEntry[];
  readonly #attributes: NamedMembers;
  readonly #flashes: FlashMembers | AutoExpireFlashes;
  readonly #metadata: NamedMembers;

  constructor(session: PhpSession, bags: Bags, known?: Content) {
    const nodes = new NodeValues(session);
    this.#bags = bags;
    this.#nodes = nodes;
    this.#members = session.entries;
    const membersOf = (key: string) => membersOfBag(this.#members, key, nodes);
    const Flashes = bags.autoExpireFlashes ? AutoExpireFlashes : FlashMembers;
    this.#attributes = new NamedMembers(membersOf(bags.attributesKey), nodes, known?.attributes);
    this.#flashes = new Flashes(membersOf(bags.flashesKey), nodes, known?.flashes);
    this.#metadata = new NamedMembers(membersOf(bags.metadataKey), nodes, known?.metadata);
    const [attributes, flashes, metadata] = [this.#attributes.values, this.#flashes.messages, this.#metadata.values];
    this.content = { attributes, flashes, metadata };
    this.isPlain = nodes.arePlain;
  }

  edit({ attributes, flashes, metadata }: Content): readonly PhpEntry[] {
    const { attributesKey, flashesKey, metadataKey } = this.#bags;
    const members = [
      [attributesKey, this.#attributes.edit(attributes)] as const,
      [flashesKey, this.#flashes.edit(flashes)] as const,
      [metadataKey, this.#metadata.edit(metadata)] as const,
    ].reduce((all, [key, bag]) => withBag(all, key, bag, this.#nodes), this.#members);
    return isEmpty(members, this.#bags) ? [] : members;
  }
}

/** Returns the members of a bag, which may be a reference to an array of the application. */
function membersOfBag(members: readonly PhpEntry[], key: string, nodes: NodeValues): readonly PhpEntry[] {
  const value = bagIn(members, key);
  const bag = value?.kind === "reference" ? nodes.targetOf(value) : value;
  return bag?.kind === "array" ? bag.entries : none;
}

function bagIn(members: readonly PhpEntry[], key: string): PhpNode | undefined {
  return members.findLast((member) => nameOf(member.key) === key)?.value;
}

const none: readonly PhpEntry[] = [];

/** Returns the members of the session with this bag. As in PHP, an empty bag is removed, and a new one is appended. */
function withBag(
  members: readonly PhpEntry[],
  key: string,
  bag: readonly PhpEntry[],
  nodes: NodeValues,
): readonly PhpEntry[] {
  const before = membersOfBag(members, key, nodes);
  if (bag === before || (bag.length === 0 && before.length === 0)) return members;
  if (bagIn(members, key)?.kind === "reference")
    throw new TypeError("A bag that is a PHP reference (R:) is not changed.");
  if (bag.length === 0) return members.filter((member) => nameOf(member.key) !== key);
  const value = arrayNode(bag);
  const index = members.findLastIndex((member) => nameOf(member.key) === key);
  const member: PhpEntry = { key: keyOf(key), value, start: 0 };
  return index < 0 ? [...members, member] : members.with(index, member);
}

/** Checks if Symfony would store nothing: all bags are empty, and there are no other members but metadata. */
function isEmpty(members: readonly PhpEntry[], { attributesKey, flashesKey, metadataKey }: Bags): boolean {
  return members.every(({ key, value }) => {
    const name = nameOf(key);
    if (name === metadataKey) return true;
    const isBag = name === attributesKey || name === flashesKey;
    return isBag && value.kind !== "reference" && (value.kind !== "array" || value.entries.length === 0);
  });
}
