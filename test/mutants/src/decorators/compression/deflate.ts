import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 131, bug: "decompressed data may have any size", from: "size > maxBytes", to: "false" },
  {
    breaks: 131,
    bug: "what is too large is decompressed to its end",
    from: "reader.cancel().catch(() => {});",
    to: "while (!(await reader.read()).done);",
  },
  {
    breaks: 43,
    bug: "nothing detects that compressed data was altered",
    from: `"deflate"), Number.POSITIVE_INFINITY);
}

/** Decompresses data. Stops as soon as there are more than \`maxBytes\`, and rejects with code \`corrupt\`. */
export function inflate(data: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  return pass(data, new DecompressionStream("deflate"`,
    to: `"deflate-raw"), Number.POSITIVE_INFINITY);
}

/** Decompresses data. Stops as soon as there are more than \`maxBytes\`, and rejects with code \`corrupt\`. */
export function inflate(data: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  return pass(data, new DecompressionStream("deflate-raw"`,
  },
];
