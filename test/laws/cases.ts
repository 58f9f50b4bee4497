import {
  type ConformanceCase,
  type CreateHandler,
  callCases,
  connectionCheckCases,
  createVirtualClock,
  type Exceptions,
  handlerCases,
} from "sessionwire/testing";
import { decoratorLaws } from "./decorator-laws.ts";
import type { Subject } from "./law.ts";
import { listingLaws } from "./list-laws.ts";

/** The laws of handlers, calls and decorators as cases, on the package or on a broken version of it. */
export function casesOf(subject: Subject): Readonly<Record<string, readonly ConformanceCase[]>> {
  const clock = createVirtualClock();
  const { withConnectionCheck } = subject;
  return {
    memory: handlerCases({ create: () => subject.createMemoryHandler({ clock }), advance: clock.advance }),
    ...Object.fromEntries(
      Object.entries(handlerMakers(subject)).map(([name, { createHandler, exceptions }]) => [
        `a call on ${name}`,
        callCases(createHandler, exceptions),
      ]),
    ),
    withConnectionCheck: connectionCheckCases(withConnectionCheck),
    decorators: [...decoratorLaws, ...listingLaws].map(({ law, says, check }) => ({
      name: `${says} (law ${law})`,
      law,
      run: () => check(subject),
    })),
  };
}

/** Those of them that are not left out. */
export function checksOf(subject: Subject): ConformanceCase[] {
  return Object.values(casesOf(subject))
    .flat()
    .filter(({ skipped }) => skipped === undefined);
}

/** What makes a handler of a backend, bare and decorated, and the laws that it cannot keep. */
function handlerMakers(
  parts: Subject,
): Readonly<Record<string, { readonly createHandler: CreateHandler; readonly exceptions?: Exceptions }>> {
  const { createGuardedHandler, withTimeout, withConnectionCheck } = parts;
  return {
    createGuardedHandler: { createHandler: createGuardedHandler },
    "withTimeout(createGuardedHandler), whose own deadline never comes": {
      createHandler: (backend, { timeoutMs, ...options }) =>
        withTimeout(createGuardedHandler(backend, { ...options, timeoutMs: 2 ** 31 - 1 }), {
          timeoutMs,
          clock: options.clock,
        }),
      exceptions: ofDecorated,
    },
    "withTimeout(withConnectionCheck(createGuardedHandler))": {
      createHandler: (backend, options) =>
        withTimeout(withConnectionCheck(createGuardedHandler(backend, options), { clock: options.clock }), {
          clock: options.clock,
        }),
      exceptions: ofDecorated,
    },
  };
}

const ofDecorated: Exceptions = {
  34: "a decorator does not know whether a call that it gives up was sent",
  111: "who closes a decorated handler waits for whoever closed it first",
};
