import assert from "node:assert/strict";
import fc from "fast-check";
import type { PhpSerializer, symfonyFormat } from "sessionwire/symfony";
import { openPhpSessions } from "../sessions-in-memory.ts";
import { arbitraryGraphs } from "./arbitrary-graphs.ts";
import { arbitraryUpdates, type Edit, editDraft, editGraph, names } from "./edits.ts";
import { type Graph, type GraphArray, type GraphSession, textOf, withBag } from "./graph.ts";

/** After any updates, the bytes of a session are those that PHP would write of the same values. */
export function graphProperty(
  createFormat: typeof symfonyFormat,
  serializer: PhpSerializer,
): fc.IAsyncProperty<[readonly Graph[], (readonly Edit[])[]]> {
  const updates = fc.array(arbitraryUpdates, { minLength: 1, maxLength: 3 });
  return fc.asyncProperty(arbitraryGraphs, updates, async (graphs, updates) => {
    await using php = openPhpSessions(createFormat({ serializer, metadataUpdateThresholdSeconds: 2 ** 31 - 1 }));
    let { attributes, session } = beginWith(graphs);
    const id = await php.store(textOf(session, serializer));
    for (const edits of updates) {
      await php.sessions.update(id, (draft) => {
        for (const edit of edits) editDraft(edit, draft);
      });
      attributes = edits.reduce((before, edit) => editGraph(edit, before), attributes);
      session = withBag(session, attributes);
    }
    assert.equal(await php.bytesOf(id), textOf(session, serializer));
  });
}

/** The same objects stand before the attributes, in them and behind them. */
function beginWith([first = 0, ...others]: readonly Graph[]): {
  readonly attributes: GraphArray;
  readonly session: GraphSession;
} {
  const members = others.map((graph, index) => [names[index] ?? "", graph] as const);
  const attributes: GraphArray = { kind: "array", members };
  const head = withBag([["first", first]], attributes);
  return { attributes, session: [...head, ["_sf2_meta", metadata], ["last", others.at(-1) ?? first]] };
}

const metadata: Graph = {
  kind: "array",
  members: [
    ["u", 1],
    ["c", 1],
    ["l", 0],
  ],
};
