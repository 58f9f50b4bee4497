import type { ExecutionPolicy } from "sessionwire";
import { createVirtualClock } from "sessionwire/testing";
import type { Subject } from "./law.ts";
import { createTroubledHandler } from "./troubled-handler.ts";

export type PolicyParts = Pick<Subject, "withPolicy">;

/** Creates a handler behind a policy, whose calls fail as `fail` says, and the times at which the handler inside was called. */
export function behindPolicy(
  { withPolicy }: PolicyParts,
  policy: ExecutionPolicy,
  fail: (call: number) => Error | undefined = () => undefined,
) {
  const { handler: inner, times } = createTroubledHandler(createVirtualClock(), fail);
  return { times, handler: withPolicy(inner, policy) };
}
