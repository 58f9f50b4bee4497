import { type Decoration, type DecoratorName, decorators, type Setting } from "../laws/decorations.ts";
import type { Subject } from "../laws/law.ts";
import { type Order, ordersOf } from "../laws/orders.ts";
import { keyPairNamed, paperBoxes } from "./paper-boxes.ts";

export type SymfonyDecorators = Pick<
  typeof import("sessionwire/symfony"),
  "withDeflateMarshaller" | "withPhpLocks" | "withSodiumMarshaller"
>;

type Name = keyof SymfonyDecorators;

/** The decorators for sessions of PHP, as `decorators` has those of the core. */
export function symfonyDecorators(parts: SymfonyDecorators): Readonly<Record<Name, Decoration>> {
  return {
    withDeflateMarshaller: { decorate: (handler) => parts.withDeflateMarshaller(handler), changesBytes: true },
    withSodiumMarshaller: {
      decorate: (handler) => parts.withSodiumMarshaller(handler, { keys: [keyPairNamed("new")], sodium: paperBoxes }),
      changesBytes: true,
    },
    withPhpLocks: {
      decorate: (handler, clock) => parts.withPhpLocks(handler, { style: "phpredis", prefix: "", clock }),
      makesOtherCalls: true,
    },
  };
}

/** The decorators with options that leave them nothing to do, or in another form. */
export function symfonyVariants(parts: SymfonyDecorators): Readonly<Record<string, Decoration>> {
  return {
    "withPhpLocks, of no session": {
      decorate: (handler, clock) => parts.withPhpLocks(handler, { style: "phpredis", clock }),
    },
    "withPhpLocks, of memcached": {
      decorate: (handler, clock) => parts.withPhpLocks(handler, { style: "memcached", prefix: "", clock }),
      makesOtherCalls: true,
    },
  };
}

const triples = [
  ["withTimeout", "withPhpLocks", "withConnectionCheck"],
  ["withPolicy", "withPhpLocks", "withRetry"],
  ["withPhpLocks", "withDeflateMarshaller", "withConnectionCheck"],
  ["withPhpLocks", "withSodiumMarshaller", "withConnectionCheck"],
  ["withTimeout", "withDeflateMarshaller", "withSodiumMarshaller"],
] as const satisfies readonly (readonly (Name | DecoratorName)[])[];

/** Orders of three with decorators of the core, as docs/decorators.md leads to them. */
export function symfonyOrders(
  parts: Subject & SymfonyDecorators,
  setting?: Setting,
): Readonly<Record<string, Order<Name | DecoratorName>>> {
  return ordersOf(triples, { ...decorators(parts, setting), ...symfonyDecorators(parts) });
}
