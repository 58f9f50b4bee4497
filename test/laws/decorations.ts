import type { Clock, SessionHandler, SessionObserver } from "sessionwire";
import type { DecoratorCasesOptions, Exceptions } from "sessionwire/testing";
import { keyNamed } from "./encryption-keys.ts";
import type { Subject } from "./law.ts";

/** A decorator with its options, and what is declared of it. */
export interface Decoration extends DecoratorCasesOptions {
  decorate(handler: SessionHandler, clock: Clock): SessionHandler;
  /** `true` if it makes calls of its own, to a second store or for locks, so that calls are not passed on one by one. */
  readonly makesOtherCalls?: boolean;
}

/** How the decorators are set where a deadline or a check depends on the store. */
export interface Setting {
  readonly timeoutMs?: number;
  readonly everySeconds?: number;
}

/** The names of the decorators. */
export type DecoratorName = Extract<keyof Subject, `with${string}`>;

/** Each decorator, with as little to do as it can. Everything that is proved of all decorators or of orders takes them from here. */
export function decorators(parts: Subject, setting: Setting = {}): Readonly<Record<DecoratorName, Decoration>> {
  const { timeoutMs, everySeconds } = setting;
  return {
    withTimeout: { decorate: (handler, clock) => parts.withTimeout(handler, { clock, timeoutMs }) },
    withConnectionCheck: {
      decorate: (handler, clock) =>
        parts.withConnectionCheck(handler, { clock, everySeconds, pingTimeoutMs: timeoutMs }),
    },
    withObserver: { decorate: (handler) => parts.withObserver(handler, { begin: () => ({}) }) },
    withCompression: {
      decorate: (handler) => parts.withCompression(handler, { thresholdBytes: 0 }),
      changesBytes: true,
    },
    withEncryption: {
      decorate: (handler, clock) => parts.withEncryption(handler, { keys, clock }),
      changesBytes: true,
    },
    withHashedKeys: { decorate: (handler) => parts.withHashedKeys(handler), changesKeys: true },
    withRetry: {
      decorate: (handler, clock) => parts.withRetry(handler, { clock, random: () => 0 }),
      exceptions: ofRetries,
    },
    withPolicy: { decorate: (handler) => parts.withPolicy(handler, { execute: (run) => run() }) },
    withMigration: {
      decorate(handler, clock) {
        const old = parts.createMemoryHandler({ clock, maxBytes: handler.maxBytes });
        return parts.withMigration(old, handler, { clock });
      },
      makesOtherCalls: true,
    },
  };
}

/** The decorators with options that turn them off, or make them fail. */
export function variants(parts: Subject): Readonly<Record<string, Decoration>> {
  const { withCompression, withConnectionCheck, withHashedKeys, withObserver, withRetry } = parts;
  return {
    "withConnectionCheck, which never checks": {
      decorate: (handler, clock) => withConnectionCheck(handler, { clock, everySeconds: Infinity }),
    },
    "withObserver, which fails": {
      decorate: (handler) => withObserver(handler, failingObserver, { onError: () => {} }),
    },
    "withCompression, of nothing": {
      decorate: (handler) => withCompression(handler, { thresholdBytes: Infinity }),
      changesBytes: true,
    },
    "withHashedKeys with a secret": {
      decorate: (handler) => withHashedKeys(handler, { secret: "of these laws" }),
      changesKeys: true,
    },
    "withRetry, of nothing": { decorate: (handler, clock) => withRetry(handler, { clock, attempts: 1 }) },
  };
}

const keys = [keyNamed("2027")];

const ofRetries: Exceptions = { 54: "it repeats what was not applied" };

const fail = () => {
  throw new Error("of the observer");
};
const failingObserver: SessionObserver = { begin: () => ({ run: fail, answered: fail, failed: fail }) };
