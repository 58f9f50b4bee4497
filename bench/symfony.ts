import { symfonyFormat } from "sessionwire/symfony";
import { ordersOf, sentences, serialized } from "./symfony/content.ts";
import { runBench } from "./tools/bench.ts";
import { compareRows, type Row } from "./tools/slices.ts";

// Reading a large session of PHP, compared with parsing JSON of the same size and of the same content.
await runBench(async ({ report, pick }) => {
  const effort = { rounds: pick(21, 1), sliceMs: pick(250, 1), concurrency: 1 };
  for (const [text, sentence] of Object.entries(sentences)) {
    const id = `symfony-read-${text.toLowerCase()}`;
    report.add(await compareRows(id, `A session of 1 MB, text in ${text}: read`, rowsOf(sentence), effort));
  }

  function rowsOf(sentence: string): Row[] {
    const bytes = pick(1_000_000, 10_000);
    const { json, session: ofSameContent } = ordersOf(bytes, sentence, JSON.stringify);
    const { session } = ordersOf(bytes, sentence, serialized);
    const encoded = new TextEncoder().encode(json);
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const format = symfonyFormat({ serializer: "php" });
    return [
      { name: "JSON.parse, 1 MB", run: async () => JSON.parse(json) },
      { name: "JSON.parse, from bytes", run: async () => JSON.parse(decoder.decode(encoded)) },
      { name: "symfonyFormat, a session of 1 MB", run: async () => format.decode(session).attributes.get("orders") },
      {
        name: "symfonyFormat, with the content of this JSON",
        run: async () => format.decode(ofSameContent).attributes.get("orders"),
      },
    ];
  }
});
