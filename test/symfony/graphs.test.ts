import fc from "fast-check";
import { symfonyFormat } from "sessionwire/symfony";
import { expect, test } from "vitest";
import { arbitraryGraphs } from "./graphs/arbitrary-graphs.ts";
import { arbitraryUpdates, editDraft, editGraph, names } from "./graphs/edits.ts";
import { type Graph, type GraphArray, type GraphSession, textOf, withBag } from "./graphs/graph.ts";
import { openPhpSessions } from "./sessions-in-memory.ts";

const meta: Graph = {
  kind: "array",
  members: [
    ["u", 1],
    ["c", 1],
    ["l", 0],
  ],
};

test.each(["php", "php_binary", "php_serialize"] as const)(
  "whatever is set, deleted and copied, a session is what PHP would have written (%s)",
  async (serializer) => {
    const property = fc.asyncProperty(
      arbitraryGraphs,
      fc.array(arbitraryUpdates, { minLength: 1, maxLength: 3 }),
      async (graphs, updates) => {
        await using php = openPhpSessions(symfonyFormat({ serializer, metadataUpdateThresholdSeconds: 2 ** 31 - 1 }));
        const [first = 0, ...others] = graphs;
        let attributes: GraphArray = {
          kind: "array",
          members: others.map((graph, index) => [names[index] ?? "", graph]),
        };
        // The same objects stand before the attributes and behind them.
        let session: GraphSession = withBag([["first", first]], attributes).concat([
          ["_sf2_meta", meta],
          ["last", graphs.at(-1) ?? 0],
        ]);
        const id = await php.store(textOf(session, serializer));
        for (const edits of updates) {
          await php.sessions.update(id, (draft) => {
            for (const edit of edits) editDraft(edit, draft);
          });
          attributes = edits.reduce((before, edit) => editGraph(edit, before), attributes);
          session = withBag(session, attributes);
        }
        expect(await php.bytesOf(id)).toBe(textOf(session, serializer));
      },
    );
    await fc.assert(property, { numRuns: 300 });
  },
);
