import { symfonyFormat } from "sessionwire/symfony";
import { ordersOf, sentences } from "./symfony/content.ts";
import { runBench } from "./tools/bench.ts";
import { compareRows, type Row } from "./tools/slices.ts";

// Reading a large session of PHP, compared with reading the same content as JSON.
await runBench(async ({ report, pick }) => {
  const effort = { rounds: pick(21, 1), sliceMs: pick(250, 1), concurrency: 1 };
  for (const [text, sentence] of Object.entries(sentences)) {
    const id = `symfony-read-${text.toLowerCase()}`;
    report.add(await compareRows(id, `A session with 1 MB of JSON, text in ${text}: read`, rowsOf(sentence), effort));
  }

  function rowsOf(sentence: string): Row[] {
    const { json, session } = ordersOf(pick(1_000_000, 10_000), sentence);
    const bytes = new TextEncoder().encode(json);
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const format = symfonyFormat({ serializer: "php" });
    return [
      { name: "JSON.parse", run: async () => JSON.parse(json) },
      { name: "JSON.parse, from bytes", run: async () => JSON.parse(decoder.decode(bytes)) },
      { name: "symfonyFormat", run: async () => format.decode(session).attributes.get("orders") },
    ];
  }
});
