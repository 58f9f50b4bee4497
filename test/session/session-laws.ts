import type { Law } from "../laws/law.ts";
import { attributeLaws } from "./attribute-laws.ts";
import { conflictLaws } from "./conflict-laws.ts";
import { doubtLaws } from "./doubt-laws.ts";
import { flashLaws } from "./flash-laws.ts";
import { lifeLaws } from "./life-laws.ts";
import { moveLaws } from "./move-laws.ts";
import type { SessionSubject } from "./stage.ts";
import { waitingLaws } from "./waiting-laws.ts";

/** What must hold for sessions and their manager, by number (80 to 102, and 111). */
export const sessionLaws: readonly Law<SessionSubject>[] = [
  ...attributeLaws,
  ...conflictLaws,
  ...doubtLaws,
  ...flashLaws,
  ...lifeLaws,
  ...moveLaws,
  ...waitingLaws,
];
