import type { SessionRecord } from "sessionwire/backend";
import type { PhpEntry } from "../php-text/nodes.ts";
import { arrayNode } from "../values/fresh-nodes.ts";
import type { NodeValues } from "../values/node-values.ts";
import { FlashMembers } from "./flash-members.ts";

/**
 * The messages of an AutoExpireFlashBag of Symfony, which has two maps by type: `new` for the next page, and `display`
 * for the page that is being served. Only those in `new` are messages of the record.
 */
export class AutoExpireFlashes {
  readonly messages: SessionRecord["flashes"];
  readonly #entries: readonly PhpEntry[];
  readonly #waiting: FlashMembers;

  /** `known` are the messages as they were read before. */
  constructor(entries: readonly PhpEntry[], nodes: NodeValues, known?: SessionRecord["flashes"]) {
    const waiting = entries.findLast(({ key }) => key === "new")?.value;
    this.#entries = entries;
    this.#waiting = new FlashMembers(waiting?.kind === "array" ? waiting.entries : [], nodes, known);
    this.messages = this.#waiting.messages;
  }

  /** Returns the members of the bag with other messages. Symfony always stores the bag. */
  edit(messages: SessionRecord["flashes"]): readonly PhpEntry[] {
    const hasBag = this.#entries.length > 0;
    if (hasBag && messages === this.messages) return this.#entries;
    const waiting: PhpEntry = { key: "new", value: arrayNode(this.#waiting.edit(messages)), start: 0 };
    if (!hasBag) return [{ key: "display", value: arrayNode([]), start: 0 }, waiting];
    const index = this.#entries.findLastIndex(({ key }) => key === "new");
    return index < 0 ? [...this.#entries, waiting] : this.#entries.with(index, waiting);
  }
}
