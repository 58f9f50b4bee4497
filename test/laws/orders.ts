import type { Decoration, DecoratorName } from "./decorations.ts";

/** Orders of three decorators that docs/decorators.md leads to, the outermost one first. */
const triples = [
  ["withTimeout", "withRetry", "withConnectionCheck"],
  ["withRetry", "withCompression", "withEncryption"],
  ["withHashedKeys", "withCompression", "withEncryption"],
  ["withCompression", "withEncryption", "withConnectionCheck"],
  ["withPolicy", "withRetry", "withHashedKeys"],
  ["withPolicy", "withMigration", "withConnectionCheck"],
  ["withTimeout", "withEncryption", "withObserver"],
  ["withConnectionCheck", "withObserver", "withTimeout"],
  ["withObserver", "withHashedKeys", "withConnectionCheck"],
  ["withTimeout", "withMigration", "withEncryption"],
] as const satisfies readonly (readonly DecoratorName[])[];

/** An order of decorators: what is declared of it follows from its members. */
export interface Order<Name extends string = DecoratorName> extends Decoration {
  /** The outermost one first. */
  readonly members: readonly Name[];
}

/** The ten orders by their names, such as `withTimeout(withRetry(withConnectionCheck))`. */
export function orders(decorators: Readonly<Record<DecoratorName, Decoration>>): Readonly<Record<string, Order>> {
  return ordersOf(triples, decorators);
}

/** Orders by their names. */
export function ordersOf<Name extends string>(
  all: readonly (readonly Name[])[],
  decorators: Readonly<Record<Name, Decoration>>,
): Readonly<Record<string, Order<Name>>> {
  return Object.fromEntries(
    all.map((members) => [`${members.join("(")}${")".repeat(members.length - 1)}`, order(members, decorators)]),
  );
}

function order<Name extends string>(
  members: readonly Name[],
  decorators: Readonly<Record<Name, Decoration>>,
): Order<Name> {
  const decorations = members.map((name) => decorators[name]);
  return {
    members,
    decorate: (handler, clock) => decorations.reduceRight((inner, { decorate }) => decorate(inner, clock), handler),
    changesBytes: decorations.some(({ changesBytes = false }) => changesBytes),
    changesKeys: decorations.some(({ changesKeys = false }) => changesKeys),
    makesOtherCalls: decorations.some(({ makesOtherCalls = false }) => makesOtherCalls),
    exceptions: Object.assign({}, ...decorations.map(({ exceptions }) => exceptions)),
  };
}
