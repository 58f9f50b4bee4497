import fc from "fast-check";
import type { SessionDraft } from "sessionwire";
import { isJsonObject } from "sessionwire/backend";
import { symfonyFormat } from "sessionwire/symfony";
import { expect, test } from "vitest";
import { arbitraryReferringSessions, attributeNames } from "../graphs/referring-sessions.ts";
import { startOracle } from "../oracle.ts";
import { openPhpSessions } from "../sessions-in-memory.ts";

type Edit = (draft: SessionDraft, name: string, from: string) => void;

const edits: Readonly<Record<string, Edit>> = {
  "is deleted": (draft, name) => draft.delete(name),
  "becomes a number": (draft, name) => draft.set(name, 77),
  "becomes a list": (draft, name) => draft.set(name, [1, 2]),
  "becomes another one": (draft, name, from) => draft.set(name, draft.get(from) ?? 1),
  "encloses another one": (draft, name, from) => draft.set(name, { x: draft.get(from) ?? 1, y: 1 }),
  "gets more members": (draft, name) =>
    draft.update(name, (value) => (isJsonObject(value as never) ? { ...(value as object), k: 5, z: 1 } : (value ?? 1))),
};

/** How many sessions are edited. */
const times = Number(process.env.REFERRING_SESSIONS ?? 1000);

test("after any edit that is not refused, PHP reads a session with references and writes the same bytes", async () => {
  await using oracle = startOracle();
  const format = symfonyFormat({ serializer: "php", metadataUpdateThresholdSeconds: 2 ** 31 - 1 });
  const arbitraryEdits = fc.array(
    fc.tuple(
      fc.constantFrom(...Object.keys(edits)),
      fc.constantFrom(...attributeNames),
      fc.constantFrom(...attributeNames),
    ),
    { minLength: 1, maxLength: 3 },
  );
  let [accepted, refused] = [0, 0];
  const property = fc.asyncProperty(arbitraryReferringSessions, arbitraryEdits, async (session, changes) => {
    await using php = openPhpSessions(format);
    const id = await php.store(session);
    const update = php.sessions.update(id, (draft) => {
      for (const [what, name, from] of changes) edits[what]?.(draft, name, from);
    });
    const error = await update.catch((reason: unknown) => reason);
    const bytes = await php.bytesOf(id);
    if (error !== undefined) {
      expect(error).toBeInstanceOf(TypeError);
      expect(bytes).toBe(session);
      refused += 1;
    } else if (bytes !== undefined) {
      const answer = await oracle.decodeSession(new Uint8Array(Buffer.from(bytes, "latin1")), "php");
      expect({ ...answer, bytes: Buffer.from(answer.bytes ?? []).toString("latin1") }).toMatchObject({
        isAccepted: true,
        bytes,
      });
      accepted += 1;
    }
  });
  await fc.assert(property, { numRuns: times });
  console.info(
    `PHP writes ${accepted} of ${accepted} edited sessions with references as we do; ${refused} edits were refused`,
  );
  expect(accepted).toBeGreaterThan(times / 2);
  expect(refused).toBeGreaterThan(0);
});
