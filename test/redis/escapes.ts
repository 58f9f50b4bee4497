import { afterAll, beforeAll, expect, vi } from "vitest";

/**
 * Fails the file if anything gets past its caller: a rejection that nobody handles, or an `error` event that nobody listens
 * to, which ioredis prints (law 71).
 */
export function expectNoEscapes(): void {
  const escaped: unknown[] = [];
  const note = (reason: unknown) => escaped.push(reason);

  beforeAll(() => {
    process.on("unhandledRejection", note);
    vi.spyOn(console, "error").mockImplementation(note);
  });

  afterAll(async () => {
    await new Promise((resolve) => setImmediate(resolve)); // rejections are found unhandled at the end of a turn
    process.off("unhandledRejection", note);
    vi.restoreAllMocks();
    expect(escaped).toEqual([]);
  });
}
