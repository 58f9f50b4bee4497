import { SessionError } from "sessionwire";
import { safeCause } from "sessionwire/backend";
import type { CancellableTask } from "./cancellable-task.ts";

type SeveralServers = typeof import("./several-servers.ts");

/** Loads the code for a Cluster or sentinels, which users of a single server never load. */
export async function loadSeveralServers(): Promise<SeveralServers> {
  try {
    return await import("./several-servers.ts");
  } catch (error) {
    const message = "The code of this package for a Cluster or sentinels could not be loaded.";
    throw new SessionError("failed", message, { cause: safeCause(error), outcome: "not-applied" });
  }
}

/** Waits for something that cannot be cancelled itself. Cancelling stops the waiting. */
export function waitFor<T>(promise: Promise<T>): CancellableTask<T> {
  let cancel: CancellableTask<T>["cancel"] = () => {};
  const result = new Promise<T>((resolve, reject) => {
    cancel = reject;
    promise.then(resolve, reject);
  });
  return { result, cancel: (reason) => cancel(reason) };
}
