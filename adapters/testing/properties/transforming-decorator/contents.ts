import fc from "fast-check";
import { createRandom } from "../../random.ts";
import { payloads } from "../arbitraries.ts";
import type { Scene } from "./scene.ts";
import { MAX_BYTES } from "./witness-store.ts";

/** The ids of the two sessions, which occur in no other text. */
export const ids = ["ann-4711", "bob-0815"] as const;

/** The data of a write. */
export interface Content {
  readonly words: string;
  /** Returns a new copy each time. */
  bytesOn(scene: Scene): Uint8Array;
}

/** Generates short and long data, compressible and incompressible, and data that looks as if it had been encoded. */
export const contents: fc.Arbitrary<Content> = fc.oneof(
  { weight: 4, arbitrary: payloads().map((bytes) => ({ words: inWords(bytes), bytesOn: () => bytes.slice() })) },
  { weight: 2, arbitrary: fc.constantFrom(contentOf('{"user":"zoe","items":[1,2,3]}'), alike(300), noise(300)) },
  { weight: 2, arbitrary: fc.constantFrom(...ids).map(storedAs) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(alike, noise), fc.nat(1)).map((parts) => upToLimit(...parts)) },
);

/** Returns one byte, repeated. */
function alike(length: number): Content {
  return { words: `${length} bytes "a"`, bytesOn: () => new Uint8Array(length).fill(0x61) };
}

/** Returns bytes that no compression shortens. */
function noise(length: number): Content {
  const random = createRandom(length);
  const bytes = Uint8Array.from({ length }, () => random() * 256);
  return { words: `${length} bytes of noise`, bytesOn: () => bytes.slice() };
}

/** Returns encoded bytes, written as data: their encoding must not be taken for a second one. */
function storedAs(id: string): Content {
  return {
    words: `the bytes that are stored under "${id}"`,
    bytesOn: ({ store }) => store.entries.get(id)?.data.slice() ?? new Uint8Array(),
  };
}

/**
 * Returns as much data as the handler states that it accepts, plus `more`. If it states nothing, the limit of the store
 * counts.
 */
function upToLimit(filling: (length: number) => Content, more: number): Content {
  const { words } = filling(0);
  return {
    words: `${words.replace(/^0 bytes/, "all the bytes it takes,")}${more > 0 ? ", and one more" : ""}`,
    bytesOn: (scene) => filling(Math.min(scene.processes[0].maxBytes ?? MAX_BYTES, 65_535) + more).bytesOn(scene),
  };
}

export function contentOf(words: string): Content {
  return { words: `'${words}'`, bytesOn: () => new TextEncoder().encode(words) };
}

function inWords(bytes: Uint8Array): string {
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  if (isText) return `'${new TextDecoder().decode(bytes)}'`;
  const shown = bytes.slice(0, 4).join(", ");
  return bytes.length <= 4 ? `bytes ${shown}` : `${bytes.length} bytes ${shown} …`;
}
