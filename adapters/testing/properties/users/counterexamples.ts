import { storyOf, type UserStory } from "./story.ts";

/**
 * The copy of a session that signs in under a new id was left behind when its place in the list could not be confirmed.
 */
const copyLeftBehind = storyOf({
  processes: [
    {
      lossesAre: "timeouts",
      maxConflicts: 1,
      plans: [
        ["end the oldest", "sign in", "move", "sign in"],
        ["end all", "sign in under a new id"],
      ],
    },
    { lossesAre: "timeouts", maxConflicts: 100, plans: [["sign in"], ["sign in"]] },
  ],
  fates: [16, 1, 1, 1, 1, 1, 1, 1, 16].map((ms) => `${ms} ms`),
  maxSessions: 1,
  whenFull: "end-oldest",
});

/** The copy of a session arrived when nobody waited for it any more, and all sessions of the user had been ended. */
const copyOnItsWay = storyOf({
  processes: [
    { lossesAre: "timeouts", maxConflicts: 100, plans: [["sign in", "move"]] },
    { lossesAre: "timeouts", maxConflicts: 100, plans: [["end all", "end all", "end all"]] },
  ],
  fates: [1, 1, 1, 1, 16, 90, 1, 16, 1, 1, 1, 16, 1, 1, 1, 90, 1, 1, 16, 1, 1].map((ms) => `${ms} ms`),
  maxSessions: Infinity,
  whenFull: "end-oldest",
});

/** The copy of a session that had just given way to another one was stored for a moment, exceeding the limit by one. */
const copyTooMany = storyOf({
  processes: [
    { lossesAre: "timeouts", maxConflicts: 100, plans: [["end all others", "sign in", "move"]] },
    { lossesAre: "timeouts", maxConflicts: 100, plans: [["sign in under a new id", "sign in"]] },
    { lossesAre: "timeouts", maxConflicts: 100, plans: [["sign in"]] },
  ],
  fates: [
    ...[16, 16, 1, 16, 16, 1, 2, 16, 4, 4, 1, 4, 1, 4, 2, 1, 2, 2, 16, 4, 2, 16, 8, 16, 1, 1, 4, 2, 4, 8, 4, 4, 2, 1],
    16,
  ].map((ms) => `${ms} ms`),
  maxSessions: 1,
  whenFull: "end-oldest",
});

/** A session was used while it was ended, listed again, and then copied as if it existed. */
const listedWhenDead = storyOf({
  processes: [
    { lossesAre: "timeouts", maxConflicts: 100, plans: [["end all", "sign in", "end all", "sign in"]] },
    {
      lossesAre: "timeouts",
      maxConflicts: 100,
      plans: [["end all others", "sign in", "take over another session", "move", "sign in"]],
    },
  ],
  fates: [1, 16, 4, 1, 4, 2, 8].map((ms) => `${ms} ms`),
  maxSessions: 1,
  whenFull: "refuse",
});

/** Stories that once broke the laws of users' sessions. */
export const counterexamples: readonly UserStory[] = [copyLeftBehind, copyOnItsWay, copyTooMany, listedWhenDead];
