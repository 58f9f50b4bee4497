import fc from "fast-check";
import { createSessionManager, expressFormat, nativeFormat } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { expect, test, vi } from "vitest";
import { keptTextsProperty } from "./kept-texts.ts";

test("a record is written as if none of its text had been kept", () => {
  fc.assert(keptTextsProperty({ nativeFormat, expressFormat }), { numRuns: 1000 });
});

test.each([
  ["native", nativeFormat],
  ["express", expressFormat],
])("what is unchanged is not made into text again in the %s format", async (_, createFormat) => {
  const sessions = createSessionManager({ handler: createMemoryHandler(), format: createFormat() });
  const session = await sessions.create();
  session.set(
    "large",
    Array.from({ length: 1000 }, (_, index) => index),
  );
  session.set("n", 0);
  await session.save();
  let lengths: number[] = [];
  const stringify = vi.spyOn(JSON, "stringify");
  try {
    for (const n of [1, 2]) await sessions.update(session.id, (draft) => draft.set("n", n));
    lengths = stringify.mock.results.map(({ value }) => String(value).length);
  } finally {
    stringify.mockRestore();
  }
  expect(lengths.length).toBeGreaterThan(0);
  expect(Math.max(...lengths)).toBeLessThan(2048);
  const seen = await sessions.open(session.id);
  expect(seen?.get("n")).toBe(2);
  expect(seen?.get("large")).toHaveLength(1000);
});
