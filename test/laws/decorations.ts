import type { ExecutionPolicy, SessionObserver } from "sessionwire";
import type { Decorate, DecoratorCasesOptions, Exceptions } from "sessionwire/testing";
import { keyNamed } from "./encryption-keys.ts";
import type { Subject } from "./law.ts";

/** A decorator with its options, and what is declared of it. */
export interface Decoration extends DecoratorCasesOptions {
  readonly decorate: Decorate;
}

/** Each decorator with nothing to do. */
export function decorators(parts: Subject): Readonly<Record<string, Decoration>> {
  const { withTimeout, withConnectionCheck, withObserver, withCompression, withEncryption, withRetry, withPolicy } =
    parts;
  return {
    withTimeout: { decorate: (handler, clock) => withTimeout(handler, { clock }) },
    withConnectionCheck: { decorate: (handler, clock) => withConnectionCheck(handler, { clock }) },
    "withConnectionCheck, which never checks": {
      decorate: (handler, clock) => withConnectionCheck(handler, { clock, everySeconds: Infinity }),
    },
    withObserver: { decorate: (handler) => withObserver(handler, { begin: () => ({}) }) },
    "withObserver, which fails": {
      decorate: (handler) => withObserver(handler, failingObserver, { onError: () => {} }),
    },
    "withCompression, of everything": {
      decorate: (handler) => withCompression(handler, { thresholdBytes: 0 }),
      changesBytes: true,
    },
    "withCompression, of nothing": {
      decorate: (handler) => withCompression(handler, { thresholdBytes: Infinity }),
      changesBytes: true,
    },
    withEncryption: {
      decorate: (handler, clock) => withEncryption(handler, { keys, clock }),
      changesBytes: true,
    },
    "withRetry, of nothing": { decorate: (handler, clock) => withRetry(handler, { clock, attempts: 1 }) },
    withPolicy: { decorate: (handler) => withPolicy(handler, plainPolicy) },
    "withRetry, at once": {
      decorate: (handler, clock) => withRetry(handler, { clock, random: () => 0, baseDelayMs: 0 }),
      exceptions: ofRetries,
    },
  };
}

const fail = () => {
  throw new Error("of the observer");
};
const failingObserver: SessionObserver = { begin: () => ({ run: fail, answered: fail, failed: fail }) };

const plainPolicy: ExecutionPolicy = { execute: (run) => run() };

const ofRetries: Exceptions = { 54: "it repeats what was not applied" };

const keys = [keyNamed("2027")];

/** Every documented order of them. */
export function orders(parts: Subject): Readonly<Record<string, Decoration>> {
  const { withTimeout, withConnectionCheck, withObserver, withCompression, withEncryption, withRetry, withPolicy } =
    parts;
  return {
    "withConnectionCheck(withTimeout)": {
      decorate: (handler, clock) => withConnectionCheck(withTimeout(handler, { clock }), { clock }),
    },
    "withTimeout(withConnectionCheck)": {
      decorate: (handler, clock) => withTimeout(withConnectionCheck(handler, { clock }), { clock }),
    },
    "withConnectionCheck(withObserver)": {
      decorate: (handler, clock) => withConnectionCheck(withObserver(handler, { begin: () => ({}) }), { clock }),
    },
    "withObserver(withConnectionCheck)": {
      decorate: (handler, clock) => withObserver(withConnectionCheck(handler, { clock }), { begin: () => ({}) }),
    },
    "withTimeout(withCompression(withConnectionCheck))": {
      decorate: (handler, clock) =>
        withTimeout(withCompression(withConnectionCheck(handler, { clock }), { thresholdBytes: 0 }), { clock }),
      changesBytes: true,
    },
    "withEncryption(withConnectionCheck)": {
      decorate: (handler, clock) => withEncryption(withConnectionCheck(handler, { clock }), { keys, clock }),
      changesBytes: true,
    },
    "withTimeout(withEncryption)": {
      decorate: (handler, clock) => withTimeout(withEncryption(handler, { keys, clock }), { clock }),
      changesBytes: true,
    },
    "withCompression(withEncryption)": {
      decorate: (handler, clock) => withCompression(withEncryption(handler, { keys, clock }), { thresholdBytes: 0 }),
      changesBytes: true,
    },
    "withPolicy(withConnectionCheck)": {
      decorate: (handler, clock) => withPolicy(withConnectionCheck(handler, { clock }), plainPolicy),
    },
    "withRetry(withConnectionCheck)": {
      decorate: (handler, clock) =>
        withRetry(withConnectionCheck(handler, { clock }), { clock, attempts: 2, random: () => 0 }),
      exceptions: ofRetries,
    },
    "withTimeout(withRetry(withCompression(withConnectionCheck)))": {
      decorate: (handler, clock) => {
        const compressing = withCompression(withConnectionCheck(handler, { clock }), { thresholdBytes: 0 });
        return withTimeout(withRetry(compressing, { clock, attempts: 2, random: () => 0 }), { clock });
      },
      changesBytes: true,
      exceptions: ofRetries,
    },
  };
}
