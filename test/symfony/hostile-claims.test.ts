import { expect, test } from "vitest";
import { readSession } from "../../adapters/symfony/php-text/reader.ts";
import { encodeSession } from "../../adapters/symfony/php-text/session-writer.ts";
import { excessiveTexts, largeTexts } from "./hostile-claims.ts";

const megabyte = 1_000_000;
/** Quadratic time would be minutes; a busy machine takes a fraction of this. */
const timeLimitMs = 30_000;

test.each(Object.entries(excessiveTexts(megabyte)))("%s is refused at once", { timeout: timeLimitMs }, (_, text) => {
  expect(() => readSession(Buffer.from(text, "latin1"), "php")).toThrow(expect.objectContaining({ code: "corrupt" }));
});

test.each(Object.entries(largeTexts(megabyte)))(
  "%s in a session of 1 MB takes no more than linear time",
  { timeout: timeLimitMs },
  (_, text) => {
    const session = readSession(Buffer.from(text, "latin1"), "php");
    for (const [slot, node] of session.slots.entries()) if (slot > 0 && node?.slot !== slot) expect(node).toBe(slot);
    const written = readSession(encodeSession(session), "php");
    expect(written.slots.length).toBe(session.slots.length);
  },
);
