import { type Clock, SessionError, type SessionHandler, systemClock } from "sessionwire";

/**
 * The fate of one call:
 *
 * - `"none"`: it is passed on;
 * - `"refused"`: it is not passed on, and the caller knows (`unavailable`, `not-applied`);
 * - `"lost request"`: it is not passed on, and the caller cannot know (`unavailable`, `unknown`);
 * - `"lost reply"`: it is passed on, and its answer is lost (`unavailable`, `unknown`);
 * - `"silence"`: it is not passed on, and never answered;
 * - a number: it is passed on after this many milliseconds.
 *
 * @public
 */
export type Fault = "none" | "refused" | "lost request" | "lost reply" | "silence" | number;

/**
 * The sequence of faults: one for each call, in that order, and `"none"` after the last; or a function that is called
 * each time.
 *
 * @public
 */
export type FaultPlan = readonly Fault[] | ((operation: FaultyOperation) => Fault);

/**
 * The methods to which faults can happen.
 *
 * @public
 */
export type FaultyOperation = "read" | "write" | "touch" | "destroy" | "ping" | "reconnect" | "list";

/**
 * Places faults between a caller and a handler, which keeps its other capabilities.
 *
 * @public
 */
export function withFaults<Handler extends SessionHandler>(
  handler: Handler,
  plan: FaultPlan,
  options: { readonly clock?: Clock } = {},
): Handler {
  const { clock = systemClock } = options;
  const left = typeof plan === "function" ? undefined : [...plan];
  const nextFault = (operation: FaultyOperation) =>
    typeof plan === "function" ? plan(operation) : (left?.shift() ?? "none");
  const methods = faulty.filter((name) => name in handler).map((name) => [name, disturbed(name)] as const);
  const rest = {
    close: () => handler.close(),
    [Symbol.asyncDispose]: () => handler.close(),
    ...("maxBytes" in handler && { maxBytes: handler.maxBytes }),
    ...("connectionOf" in handler && { connectionOf: handler.connectionOf }),
  };
  return { ...Object.fromEntries(methods), ...rest } as unknown as Handler; // each method is in one of the two

  function disturbed(name: FaultyOperation): (...args: unknown[]) => Promise<unknown> {
    // The handler's member of this name is a method that returns a promise: it belongs to the contract.
    const passOn = (args: unknown[]) =>
      (handler as unknown as Record<FaultyOperation, (...args: unknown[]) => Promise<unknown>>)[name](...args);
    return async function disturbedCall(...args) {
      const fault = nextFault(name);
      if (fault === "none") return passOn(args);
      if (fault === "silence") return new Promise(() => {});
      if (typeof fault === "number") {
        await new Promise<void>((resolve) => clock.schedule(resolve, fault));
        return passOn(args);
      }
      if (fault === "lost reply") await passOn(args);
      const outcome = changes.includes(name) ? (fault === "refused" ? "not-applied" : "unknown") : undefined;
      throw new SessionError("unavailable", "The connection was lost, as planned.", { outcome });
    };
  }
}

const changes: readonly FaultyOperation[] = ["write", "touch", "destroy"];
const faulty: readonly FaultyOperation[] = ["read", ...changes, "ping", "reconnect", "list"];
