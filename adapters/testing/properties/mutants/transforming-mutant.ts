import {
  isSessionError,
  type ListingSessionHandler,
  type NetworkedSessionHandler,
  type Outcome,
  SessionError,
  type SessionErrorCode,
  type SessionHandler,
} from "sessionwire";
import { decorateHandler } from "sessionwire/backend";
import type { VirtualClock } from "../../virtual-clock.ts";
import type { Mutant } from "../kill-table.ts";
import type { TransformingDecorator } from "../transforming-decorator.ts";
import { HEADER, type MaskOptions, withMask } from "./mask.ts";

export type TransformingMutant = Mutant<TransformingDecorator>;

type Inner = NetworkedSessionHandler & Partial<ListingSessionHandler>;
type Changes = { readonly [Name in keyof Inner]?: Inner[Name] | undefined };
type Change = (outer: Inner, inner: Inner) => Changes;

/** Returns a mutant with a broken codec. */
export function coded(
  law: number,
  bug: string,
  options: MaskOptions | ((clock: VirtualClock) => MaskOptions),
): TransformingMutant {
  const decorate: TransformingDecorator["decorate"] = (inner, clock) =>
    withMask(inner, typeof options === "function" ? options(clock) : options);
  return { law, bug, subject: { decorate, hides: true } };
}

/** Returns a mutant that makes some of its calls differently. */
export function around(law: number, bug: string, change: Change, options: MaskOptions = {}): TransformingMutant {
  return {
    law,
    bug,
    subject: {
      decorate: (inner) => changed(withMask(inner, options), decorateHandler(inner, {}), change),
      hides: true,
    },
  };
}

/** Returns a mutant that fails wrongly if it cannot encode. */
export function failing(law: number, bug: string, change: Change): TransformingMutant {
  const encode = () => {
    throw new Error("There is no key.");
  };
  return {
    law,
    bug,
    subject: {
      decorate: (inner) => withMask(inner),
      decorateFailing: (inner) => changed(withMask(inner, { encode }), decorateHandler(inner, {}), change),
    },
  };
}

export function isEncoded(data: Uint8Array): boolean {
  return data[0] === HEADER;
}

/** Handles errors of this code; others pass. */
export function instead<T>(code: SessionErrorCode, then: (error: SessionError) => T): (error: unknown) => T {
  return (error) => {
    if (isSessionError(error) && error.code === code) return then(error);
    throw error;
  };
}

export function withOutcome(outcome: Outcome | undefined): (error: SessionError) => never {
  return ({ code, message, cause }) => {
    throw new SessionError(code, message, { cause, outcome });
  };
}

/**
 * Replaces methods, or removes those that are `undefined`. After the close, the correct ones are back, because that is
 * no bug of its own.
 */
function changed(outer: SessionHandler, inner: SessionHandler, change: Change): SessionHandler {
  const right: Readonly<Record<string, unknown>> = { ...outer };
  const wrong = { ...right, ...change(outer as Inner, inner as Inner) };
  let closing: Promise<unknown> | undefined;
  const close = () => {
    closing ??= call(wrong.close, []);
    return closing;
  };
  const members = Object.entries(wrong)
    .filter(([, each]) => each !== undefined)
    .map(([name, each]) => {
      const method = (...args: readonly unknown[]) => call(closing ? right[name] : each, args);
      return [name, typeof each === "function" ? method : each];
    });
  return { ...Object.fromEntries(members), close, [Symbol.asyncDispose]: close } as unknown as SessionHandler; // of these
}

function call(method: unknown, args: readonly unknown[]): Promise<unknown> {
  return (method as (...args: readonly unknown[]) => Promise<unknown>)(...args); // each is a method of a handler
}
