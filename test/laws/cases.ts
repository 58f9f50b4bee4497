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

/** Every law of a handler, a call and a decorator, as cases on the package or on a broken version of it. */
export function casesOf(subject: Subject): ConformanceCase[] {
  const clock = createVirtualClock();
  return [
    ...handlerCases({ create: () => subject.createMemoryHandler({ clock }), advance: clock.advance }),
    ...Object.values(handlerMakers(subject)).flatMap(({ createHandler, exceptions }) =>
      callCases(createHandler, exceptions),
    ),
    ...connectionCheckCases(subject.withConnectionCheck),
    ...[...decoratorLaws, ...listingLaws].map(({ law, says, check }) => ({
      name: `${says} (law ${law})`,
      law,
      run: () => check(subject),
    })),
  ];
}

/** What makes a handler of a backend, bare and decorated, and the laws that it cannot keep. */
export function handlerMakers(
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
