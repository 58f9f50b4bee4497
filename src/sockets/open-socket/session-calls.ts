import { isSessionError } from "../../errors.ts";
import { goneError } from "../failures.ts";
import type { TrackedSession } from "../session-end/tracked-session.ts";

/** Repeats a call that found nothing because the session has moved to another id in the meantime. */
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

/** Rejects like `run`. An unhandled `SessionError` does not end the process; any other error is the application's own. */
export function reportFailures<Result>(run: () => Promise<Result>, report: (error: unknown) => void): Promise<Result> {
  const attempt = new Promise<Result>((resolve, reject) => {
    run().then(resolve, (error: unknown) => {
      if (isSessionError(error)) {
        attempt.catch(() => {}); // callers that handle it still receive it
        report(error);
      }
      reject(error);
    });
  });
  return attempt;
}
