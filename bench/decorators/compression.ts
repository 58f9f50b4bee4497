import { promisify } from "node:util";
import { deflate, inflate } from "node:zlib";
import { type SessionHandler, withCompression } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { jsonOf, kilobyte, ttlSeconds } from "../tools/content.ts";
import type { Row } from "../tools/slices.ts";

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
    await Promise.all([bare, idle, compressing].map((handler) => write(handler, data)));
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

async function write(handler: SessionHandler, data: Uint8Array): Promise<boolean> {
  return (await handler.write("a", data, { replaces: undefined, ttlSeconds })).written;
}

/** Destroys and creates, which needs no version. */
async function replace(handler: SessionHandler, data: Uint8Array): Promise<boolean> {
  await handler.destroy("a");
  return write(handler, data);
}
