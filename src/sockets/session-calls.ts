import { isSessionError } from "../errors.ts";
import { goneError } from "./failures.ts";
import type { TrackedSession } from "./tracked-session.ts";

/** Runs again what found nothing under an id that the session has given up meanwhile. */
export async function followMoves<Result>(tracked: TrackedSession, run: () => Promise<Result>): Promise<Result> {
  for (;;) {
    await tracked.whenStored();
    if (tracked.hasEnded) throw goneError();
    const { id } = tracked;
    try {
      const result = await run();
      if (id === tracked.id) tracked.confirm();
      return result;
    } catch (error) {
      if (!isSessionError(error) || error.code !== "gone") throw error;
      if (id !== tracked.id) continue;
      if (!tracked.hasEnded) await tracked.revalidate();
      throw error;
    }
  }
}

/** Rejects like `run`; but a failure that nobody handles brings nothing down, unless it is the application's own. */
export function reportFailures<Result>(run: () => Promise<Result>, report: (error: unknown) => void): Promise<Result> {
  const attempt = new Promise<Result>((resolve, reject) => {
    run().then(resolve, (error: unknown) => {
      if (isSessionError(error)) {
        attempt.catch(() => {}); // whoever handles it gets it all the same
        report(error);
      }
      reject(error);
    });
  });
  return attempt;
}
