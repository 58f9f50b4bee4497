import { checkMethods } from "../backend/checks.ts";
import type { SessionHandler } from "../handler.ts";
import { type Decorated, decorateHandler } from "./decorate.ts";
import type { ExecutionPolicy } from "./policy/execution-policy.ts";
import { PolicyRun } from "./policy/policy-run.ts";

/**
 * Executes every read, write, touch, destroy and list under a policy. Pings, reconnections and closes pass through.
 *
 * @remarks
 * Whatever the policy does, the promises of a handler hold:
 *
 * - A change that may have been applied is not executed again. A policy that runs it again gets the same answer or error.
 *   Reads, lists, and changes with outcome `not-applied` are executed each time.
 * - The answer is that of the handler inside. What the policy returns in its place is ignored: a fallback that returns
 *   `undefined` for an outage would sign everybody out. A call that the handler inside has not answered rejects.
 * - An operation that the policy does not let through rejects with outcome `not-applied` and code `unavailable` (an open
 *   circuit of cockatiel), `timeout` (a cancelled task of cockatiel) or `overloaded` (anything else).
 * - A policy that ends a call that was passed on makes it reject with code `timeout`, and a change with outcome
 *   `unknown`. Once the policy has ended, nothing is sent any more.
 *
 * @throws `TypeError` for a policy without `execute`.
 *
 * @public
 */
export function withPolicy<H extends SessionHandler>(handler: H, policy: ExecutionPolicy): Decorated<H> {
  checkMethods("The policy", policy, ["execute"]);
  return decorateHandler(handler, {
    operation(operation, next) {
      operation.keepArguments();
      return new PolicyRun(operation, next).under(policy);
    },
  });
}
