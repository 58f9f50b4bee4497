import type { ConformanceCase } from "../../conformance.ts";
import { abortedCallLaws } from "./aborted-calls.ts";
import { abortedSaveLaws } from "./aborted-saves.ts";
import { attributeEndLaws } from "./attribute-ends.ts";
import { changeInPlaceLaws } from "./changes-in-place.ts";
import { cleanSaveLaws } from "./clean-saves.ts";
import { concurrentFlashMessageLaws } from "./concurrent-flash-messages.ts";
import { concurrentMoveLaws } from "./concurrent-moves.ts";
import { conflictLimitLaws } from "./conflict-limit.ts";
import { creationRaceLaws } from "./creation-races.ts";
import { endOfGraceTimeLaws } from "./end-of-grace-time.ts";
import { endedSessionLaws } from "./ended-sessions.ts";
import { eventElsewhereLaws } from "./events-elsewhere.ts";
import { failedMoveLaws } from "./failed-moves.ts";
import { failedReadLaws } from "./failed-reads.ts";
import { failedSaveLaws } from "./failed-saves.ts";
import { createFixture, type SessionHarness } from "./fixture.ts";
import { flashMessageLaws } from "./flash-messages.ts";
import { graceTimeLaws } from "./grace-time.ts";
import { invalidationLaws } from "./invalidation.ts";
import { lateAnswerLaws } from "./late-answers.ts";
import { lateWriteLaws } from "./late-writes.ts";
import { longHeldSessionLaws } from "./long-held-sessions.ts";
import { lostReplyLaws } from "./lost-replies.ts";
import { lostUpdateLaws } from "./lost-updates.ts";
import { mergingLaws } from "./merging.ts";
import { newIdLaws } from "./new-ids.ts";
import { overlappingEndLaws } from "./overlapping-ends.ts";
import { overlappingSaveLaws } from "./overlapping-saves.ts";
import { ownLimitLaws } from "./own-limits.ts";
import { partialSaveLaws } from "./partial-saves.ts";
import { refusedAttributeLaws } from "./refused-attributes.ts";
import { reservedNameLaws } from "./reserved-names.ts";
import { schemaLaws } from "./schemas.ts";
import { reasonToSkip, type SessionLaw } from "./session-law.ts";
import { signOutByOldIdLaws } from "./sign-outs-by-old-ids.ts";
import { sizeLimitLaws } from "./size-limits.ts";
import { ticketEndLaws } from "./ticket-ends.ts";
import { ticketRecordLaws } from "./ticket-records.ts";
import { ticketRedemptionLaws } from "./ticket-redemptions.ts";
import { tokenLimitLaws } from "./token-limit.ts";
import { unansweredReadLaws } from "./unanswered-reads.ts";
import { unansweredSaveLaws } from "./unanswered-saves.ts";
import { unansweredWriteLaws } from "./unanswered-writes.ts";
import { unknownCreationLaws } from "./unknown-creations.ts";
import { unknownOutcomeLaws } from "./unknown-outcomes.ts";
import { unsavedChangeLaws } from "./unsaved-changes.ts";
import { userEndLaws } from "./user-ends.ts";
import { userLimitLaws } from "./user-limits.ts";
import { userListLaws } from "./user-lists.ts";
import { valueLaws } from "./values.ts";
import { writeTokenLaws } from "./write-tokens.ts";

const laws: readonly SessionLaw[] = [
  ...unsavedChangeLaws,
  ...valueLaws,
  ...sizeLimitLaws,
  ...cleanSaveLaws,
  ...changeInPlaceLaws,
  ...reservedNameLaws,
  ...lostUpdateLaws,
  ...conflictLimitLaws,
  ...failedSaveLaws,
  ...partialSaveLaws,
  ...overlappingSaveLaws,
  ...creationRaceLaws,
  ...mergingLaws,
  ...longHeldSessionLaws,
  ...lostReplyLaws,
  ...writeTokenLaws,
  ...tokenLimitLaws,
  ...lateWriteLaws,
  ...lateAnswerLaws,
  ...unknownOutcomeLaws,
  ...abortedSaveLaws,
  ...abortedCallLaws,
  ...flashMessageLaws,
  ...concurrentFlashMessageLaws,
  ...endedSessionLaws,
  ...overlappingEndLaws,
  ...unknownCreationLaws,
  ...failedReadLaws,
  ...newIdLaws,
  ...failedMoveLaws,
  ...graceTimeLaws,
  ...endOfGraceTimeLaws,
  ...signOutByOldIdLaws,
  ...concurrentMoveLaws,
  ...invalidationLaws,
  ...unansweredReadLaws,
  ...unansweredWriteLaws,
  ...unansweredSaveLaws,
  ...eventElsewhereLaws,
  ...userListLaws,
  ...userEndLaws,
  ...userLimitLaws,
  ...ticketRedemptionLaws,
  ...ticketEndLaws,
  ...ticketRecordLaws,
  ...schemaLaws,
  ...refusedAttributeLaws,
  ...attributeEndLaws,
  ...ownLimitLaws,
];

/**
 * Returns the laws of sessions as test cases: the duties of every session manager in every format, on a store in memory
 * and in virtual time. Cases that do not apply to the given format are skipped, and say why.
 *
 * @example
 * ```ts
 * import { describe, it } from "node:test";
 * const harness = { createManager: createSessionManager, createFormat: createMyFormat };
 * defineCases("sessions in my format", sessionCases(harness), { describe, it });
 * ```
 *
 * @public
 */
export function sessionCases(harness: SessionHarness): ConformanceCase[] {
  const { format } = createFixture(harness);
  return laws.map((each) => {
    const { law, says, options, check } = each;
    const run = async () => check(createFixture(harness, options));
    const skipped = reasonToSkip(each, format);
    if (skipped === undefined) return { name: `${says} (law ${law})`, law, run };
    return { name: `${says} (law ${law}): skipped, ${skipped}`, law, skipped, run };
  });
}
