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
export interface Order extends Decoration {
  /** The outermost one first. */
  readonly members: readonly DecoratorName[];
}

/** The ten orders by their names, such as `withTimeout(withRetry(withConnectionCheck))`. */
export function orders(decorators: Readonly<Record<DecoratorName, Decoration>>): Readonly<Record<string, Order>> {
  return Object.fromEntries(
    triples.map((members) => [`${members.join("(")}${")".repeat(members.length - 1)}`, order(members, decorators)]),
  );
}

function order(members: readonly DecoratorName[], decorators: Readonly<Record<DecoratorName, Decoration>>): Order {
  const decorations = members.map((name) => decorators[name]);
  return {
    members,
    decorate: (handler, clock) => decorations.reduceRight((inner, { decorate }) => decorate(inner, clock), handler),
    changesBytes: decorations.some(({ changesBytes = false }) => changesBytes),
    changesKeys: decorations.some(({ changesKeys = false }) => changesKeys),
    hasTwoStores: decorations.some(({ hasTwoStores = false }) => hasTwoStores),
    exceptions: Object.assign({}, ...decorations.map(({ exceptions }) => exceptions)),
  };
}
