import type { Decorate, DecoratorCasesOptions } from "sessionwire/testing";
import type { Subject } from "./law.ts";

type Decoration = DecoratorCasesOptions & { readonly decorate: Decorate };

/** The decorator that hashes keys, each way. */
export function hashingDecorators({ withHashedKeys }: Subject): Readonly<Record<string, Decoration>> {
  return {
    withHashedKeys: { decorate: (handler) => withHashedKeys(handler), changesKeys: true },
    "withHashedKeys with a secret": {
      decorate: (handler) => withHashedKeys(handler, { secret: "of these laws" }),
      changesKeys: true,
    },
  };
}

/** Every documented order of it and others. */
export function hashingOrders(parts: Subject): Readonly<Record<string, Decoration>> {
  const { withHashedKeys, withCompression, withConnectionCheck, withObserver, withTimeout } = parts;
  return {
    "withHashedKeys(withConnectionCheck(withTimeout))": {
      decorate: (handler, clock) => withHashedKeys(withConnectionCheck(withTimeout(handler, { clock }), { clock })),
      changesKeys: true,
    },
    "withConnectionCheck(withHashedKeys)": {
      decorate: (handler, clock) => withConnectionCheck(withHashedKeys(handler), { clock }),
      changesKeys: true,
    },
    "withTimeout(withHashedKeys)": {
      decorate: (handler, clock) => withTimeout(withHashedKeys(handler), { clock }),
      changesKeys: true,
    },
    "withObserver(withHashedKeys)": {
      decorate: (handler) => withObserver(withHashedKeys(handler), { begin: () => ({}) }),
      changesKeys: true,
    },
    "withHashedKeys(withCompression)": {
      decorate: (handler) => withHashedKeys(withCompression(handler, { thresholdBytes: 0 })),
      changesKeys: true,
      changesBytes: true,
    },
  };
}
