import { promisify } from "node:util";
import { deflate, inflate } from "node:zlib";
import { withCompression } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { jsonOf, kilobyte } from "../tools/content.ts";
import type { Row } from "../tools/slices.ts";
import { replace } from "./replace.ts";

interface Question {
  readonly id: string;
  readonly title: string;
  readonly rows: Row[];
}

/** Reads and writes of one session, beside what the compression of Node.js itself takes. */
export async function compressionQuestions(): Promise<Question[]> {
  const questions = [1, 4, 16].map(async (size): Promise<Question[]> => {
    const data = new TextEncoder().encode(jsonOf(1, size * kilobyte));
    const packed = await promisify(deflate)(data);
    const inner = createMemoryHandler();
    const compressing = withCompression(inner, { thresholdBytes: 0 });
    const idle = withCompression(createMemoryHandler(), { thresholdBytes: Infinity });
    const bare = createMemoryHandler();
    await Promise.all([bare, idle, compressing].map((handler) => replace(handler, data)));
    const stored = (await inner.read("a"))?.data.length;
    const of = `of ${data.length} bytes, ${stored} when compressed`;
    return [
      {
        id: `compression-read-${size}kb`,
        title: `read ${of}`,
        rows: [
          { name: "memory", run: () => bare.read("a") },
          { name: "withCompression, stored as it is", run: () => idle.read("a") },
          { name: "withCompression", run: () => compressing.read("a") },
          { name: "zlib.inflate", run: () => promisify(inflate)(packed) },
        ],
      },
      {
        id: `compression-write-${size}kb`,
        title: `write ${of}`,
        rows: [
          { name: "memory", run: () => replace(bare, data) },
          { name: "withCompression, below the threshold", run: () => replace(idle, data) },
          { name: "withCompression", run: () => replace(compressing, data) },
          { name: "zlib.deflate", run: () => promisify(deflate)(data) },
        ],
      },
    ];
  });
  return (await Promise.all(questions)).flat();
}
