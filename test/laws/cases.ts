import {
  type ConformanceCase,
  type CreateHandler,
  callCases,
  connectionCheckCases,
  createVirtualClock,
  decoratorCases,
  type Exceptions,
  handlerCases,
  rejects,
} from "sessionwire/testing";
import { compressionCases } from "./compression-cases.ts";
import { type Decoration, decorators, variants } from "./decorations.ts";
import { encryptionCases } from "./encryption-cases.ts";
import type { Subject } from "./law.ts";
import { observerCases } from "./observer-cases.ts";
import { orders } from "./orders.ts";
import { policyCases } from "./policy-cases.ts";
import { policyErrorCases } from "./policy-error-cases.ts";
import { retryCases } from "./retry-cases.ts";
import { retryWaitCases } from "./retry-wait-cases.ts";
import { timeoutCases } from "./timeout-cases.ts";

/** The laws of handlers, calls and decorators as cases, on the package or on a broken version of it. */
export function casesOf(subject: Subject): Readonly<Record<string, readonly ConformanceCase[]>> {
  const clock = createVirtualClock();
  return {
    memory: [
      ...handlerCases({ create: () => subject.createMemoryHandler({ clock }), advance: clock.advance }),
      foreignCursorCase(subject),
    ],
    ...suites(handlerMakers(subject), "a call on", ({ createHandler, exceptions }) =>
      callCases(createHandler, exceptions),
    ),
    ...suites({ ...decorators(subject), ...variants(subject) }, "the decorator", (decoration) =>
      decorationCases(decoration, subject),
    ),
    ...suites(orders(decorators(subject)), "the order", (order) => inThisOrder(decorationCases(order, subject))),
    "the connection check": connectionCheckCases(subject.withConnectionCheck),
    "the deadline": timeoutCases(subject),
    "the observer": observerCases(subject),
    "the compression": compressionCases(subject),
    "the encryption": encryptionCases(subject),
    "the retries": [...retryCases(subject), ...retryWaitCases(subject)],
    "the policy": [...policyCases(subject), ...policyErrorCases(subject)],
  };
}

/** Cases of one decorator, as those of several around each other. */
export function inThisOrder(cases: readonly ConformanceCase[]): ConformanceCase[] {
  return cases.map((each) => ({ ...each, law: 104, name: `${each.name}, in this order (law 104)` }));
}

/** The laws of a decorator. With calls of its own, there is no single call to compare with, but a handler with all its duties. */
export function decorationCases(
  { decorate, makesOtherCalls, ...options }: Decoration,
  { createMemoryHandler }: Pick<Subject, "createMemoryHandler">,
): ConformanceCase[] {
  if (!makesOtherCalls) return decoratorCases(decorate, options);
  const clock = createVirtualClock();
  const create = () => decorate(createMemoryHandler({ clock }), clock);
  return handlerCases({ create, advance: clock.advance });
}

function suites<Of>(
  subjects: Readonly<Record<string, Of>>,
  heading: string,
  casesOf: (subject: Of) => ConformanceCase[],
): Record<string, ConformanceCase[]> {
  return Object.fromEntries(Object.entries(subjects).map(([name, of]) => [`${heading} ${name}`, casesOf(of)]));
}

/** The cases that are not skipped. */
export function checksOf(subject: Subject): ConformanceCase[] {
  return Object.values(casesOf(subject))
    .flat()
    .filter(({ skipped }) => skipped === undefined);
}

/** A handler may begin somewhere instead, and the memory does not. */
function foreignCursorCase({ createMemoryHandler }: Subject): ConformanceCase {
  return {
    name: "a cursor that no page of the memory has given is refused (law 112)",
    law: 112,
    async run() {
      const handler = createMemoryHandler();
      for (const cursor of ["a text of no meaning", "0", "0:", "-1:0"]) {
        await rejects(handler.list({ cursor }), "failed", "any");
      }
    },
  };
}

/** Makers of handlers, bare and decorated, with the laws that they cannot keep. */
function handlerMakers(
  parts: Subject,
): Readonly<Record<string, { readonly createHandler: CreateHandler; readonly exceptions?: Exceptions }>> {
  const { createGuardedHandler, withTimeout, withConnectionCheck, withObserver } = parts;
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
    "withObserver(createGuardedHandler)": {
      createHandler: (backend, options) =>
        withObserver(createGuardedHandler(backend, options), { begin: () => ({ run: (passOn) => passOn() }) }),
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
