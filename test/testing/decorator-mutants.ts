import { type SessionHandler, withConnectionCheck, withEncryption, withHashedKeys, withTimeout } from "sessionwire";
import type { Decorate, DecoratorCasesOptions } from "sessionwire/testing";
import { keyNamed } from "../laws/encryption-keys.ts";

/** A broken decorator that a case of the law must find. */
interface DecoratorMutant {
  readonly law: number;
  readonly bug: string;
  readonly subject: Decorate;
  /** What is declared of it. */
  readonly options?: DecoratorCasesOptions;
}

/** Broken in what shows only around a handler that holds sessions, or in a stack of decorators. */
export const decoratorMutants: readonly DecoratorMutant[] = [
  {
    law: 103,
    bug: "what was read last is what the next write replaces",
    subject(handler, clock) {
      const decorated = withTimeout(handler, { clock });
      return {
        ...decorated,
        async write(id, data, options) {
          const result = await decorated.write(id, data, options);
          if (result.written || !result.current) return result;
          return decorated.write(id, data, { ...options, replaces: result.current.version });
        },
      };
    },
  },
  {
    law: 104,
    bug: "the outer one of two decorators does not tell the inner one of the signal",
    subject(handler, clock) {
      const inner: SessionHandler = withConnectionCheck(handler, { clock });
      const read: SessionHandler["read"] = (id, options) =>
        inner.read(id, { ...options, signal: undefined, cancellation: undefined });
      return withTimeout({ ...inner, read }, { clock });
    },
  },
  {
    law: 104,
    bug: "a touch goes past the decorator inside, to the plain key",
    options: { changesKeys: true },
    subject(handler, clock) {
      const outer = withTimeout(withHashedKeys(handler), { clock });
      return { ...outer, touch: (id, ttlSeconds, options) => handler.touch(id, ttlSeconds, options) };
    },
  },
  {
    law: 104,
    bug: "a touch writes what it has read past the encryption inside, in plaintext",
    options: { changesBytes: true },
    subject(handler, clock) {
      const outer = withTimeout(withEncryption(handler, { keys: [keyNamed("2027")], clock }), { clock });
      return {
        ...outer,
        async touch(id, ttlSeconds, options) {
          const stored = await outer.read(id, options);
          if (stored === undefined) return false;
          await handler.write(id, stored.data, { ...options, ttlSeconds, replaces: stored.version });
          return true;
        },
      };
    },
  },
];
