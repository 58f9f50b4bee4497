import fc from "fast-check";
import { expect, test } from "vitest";
import { isUtf8 } from "../../adapters/symfony/php-text/utf8.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

function isDecodable(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

test("each byte, and those at the edges behind it, are UTF-8 where the decoder replaces none", () => {
  const replacing = new TextDecoder();
  const seconds = [0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xff];
  const others = [0x41, 0x80, 0xbf, 0xc0];
  const rests = seconds.flatMap((second) => others.flatMap((third) => others.map((fourth) => [second, third, fourth])));
  for (let first = 0; first < 256; first += 1) {
    for (const rest of rests) {
      const bytes = Uint8Array.from([first, ...rest]);
      for (const part of [bytes.subarray(0, 1), bytes.subarray(0, 2), bytes.subarray(0, 3), bytes]) {
        const isWhole = !replacing.decode(part).includes("\ufffd");
        if (isUtf8(part, 0, part.length) !== isWhole) expect(part).toBe("judged as the decoder does");
      }
    }
  }
});

test("text is UTF-8, and any bytes are where the decoder takes them", () => {
  const text = fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text));
  fc.assert(
    fc.property(fc.oneof(text, fc.uint8Array()), fc.nat(3), (bytes, cut) => {
      const part = bytes.subarray(0, Math.max(0, bytes.length - cut));
      expect(isUtf8(bytes, 0, part.length)).toBe(isDecodable(part));
    }),
  );
});
