import assert from "node:assert/strict";

/** Rejects if an unhandled rejection occurs in the meantime. */
export async function withoutUnhandledRejections(run: () => Promise<void>): Promise<void> {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  try {
    await run();
  } finally {
    process.off("unhandledRejection", note);
  }
  assert.deepEqual(unhandled, []);
}
