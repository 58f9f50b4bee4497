import fc from "fast-check";
import { createSessionManager } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { symfonyFormat } from "sessionwire/symfony";
import { expect } from "vitest";
import { textFixtures } from "../fixtures.ts";
import { applyEdits, type Edit, type Edited, edits } from "./edit.ts";
import type { PhpOpener } from "./php-opener.ts";

const id = "0123456789abcdef0123456789abcdef";
const ttlSeconds = 1440;
/** The lists of messages of an AutoExpireFlashBag, each with all types. */
const autoExpireLists = ["display", "new"];
const names = textFixtures.map(({ name }) => name);

/** The end of an edit: new bytes, a refusal that has changed nothing, or no session, because nothing was left in it. */
type EditEnd = "written" | "refused" | "emptied";

/** The number of edits with each end. */
export type EditEnds = Record<EditEnd, number>;

/** Edits recorded sessions at random, and lets PHP open each one before and after. */
export async function editRecordedSessions(opener: PhpOpener, numRuns: number): Promise<EditEnds> {
  const ends: EditEnds = { written: 0, refused: 0, emptied: 0 };
  const property = fc.asyncProperty(fc.constantFrom(...names), edits, async (name, changes) => {
    const { serializer, session: before } = recordedSession(name);
    const autoExpireFlashes = name.startsWith("flash-autoexpire");
    const { after, edited } = await edit(before, symfonyFormat({ serializer, prefix: "", autoExpireFlashes }), changes);
    if (edited === undefined) {
      expect(after).toEqual(before);
      expect(hasNumbers(before)).toBe(true);
      ends.refused += 1;
    } else if (after === undefined) {
      ends.emptied += 1;
    } else {
      if (autoExpireFlashes && edited.flashes.size > 0) for (const list of autoExpireLists) edited.flashes.add(list);
      expect(await opener.differences(serializer, before, after, edited)).toEqual([]);
      ends.written += 1;
    }
  });
  await fc.assert(property, { numRuns });
  return ends;
}

function recordedSession(name: string) {
  const found = textFixtures.find((fixture) => fixture.name === name);
  if (found === undefined) throw new Error(`There is no session "${name}".`);
  return found;
}

/** Makes changes by a session manager. Returns the bytes that are then stored, and no names if the changes were refused. */
async function edit(
  before: Uint8Array,
  format: SessionFormat,
  changes: readonly Edit[],
): Promise<{ readonly after: Uint8Array | undefined; readonly edited: Edited | undefined }> {
  await using handler = createMemoryHandler({ maxSessions: 10 });
  await using sessions = createSessionManager({ handler, format });
  await handler.write(id, before, { replaces: undefined, ttlSeconds });
  const edited = await sessions.update(id, (draft) => applyEdits(draft, changes)).catch(refusal);
  return { after: (await handler.read(id))?.data, edited };
}

function refusal(error: unknown): undefined {
  if (!(error instanceof TypeError)) throw error;
}

/** Returns true for a session with references, or with a payload whose values nobody can count. */
function hasNumbers(session: Uint8Array): boolean {
  return /(^|[;{|])[rRC]:\d/.test(Buffer.from(session).toString("latin1"));
}
