import assert from "node:assert/strict";
import type { ListingSessionHandler } from "sessionwire";
import type { ListOptions, SessionPage } from "sessionwire/backend";

/**
 * Returns all ids that a handler lists, each once, in their order.
 *
 * @public
 */
export async function idsOf(handler: ListingSessionHandler, options: ListOptions = {}): Promise<string[]> {
  const ids = new Set<string>();
  await eachPage(handler, options, async (page) => {
    for (const id of page.ids) ids.add(id);
  });
  return [...ids].sort();
}

/** Requests one page after the other, each once the previous one has been used. */
export async function eachPage(
  handler: ListingSessionHandler,
  options: ListOptions,
  use: (page: SessionPage) => Promise<unknown>,
): Promise<void> {
  let cursor = options.cursor;
  for (let pages = 0; pages < 1000; pages += 1) {
    const page = await handler.list({ ...options, cursor });
    await use(page);
    cursor = page.next;
    if (cursor === undefined) return;
  }
  assert.fail("The listing does not end.");
}

/** Returns names, in the order of a sorted listing. */
export function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name} ${index}`).sort();
}
