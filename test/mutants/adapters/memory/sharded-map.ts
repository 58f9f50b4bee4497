import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "what is there during the whole listing is listed, whatever comes, goes and is used between the pages",
    bug: "a cursor counts what it has passed in a shard",
    from: "value of this.#shards[shard]?.values() ?? []) {\n        if (shard > place.shard || value.order > place.order) yield [{ shard, order: value.order",
    to: "[at, value] of [...(this.#shards[shard]?.values() ?? [])].entries()) {\n        if (shard > place.shard || at >= place.order) yield [{ shard, order: at + 1",
  },
];
