import fc from "fast-check";
import type { SessionDraft } from "sessionwire";
import type { Operation } from "./ask-symfony.ts";

const names = fc.constantFrom("a", "o", "p", "q", "l", "i", "tree", "chat.name", "42", "", "__proto__");
const types = fc.constantFrom("notice", "error", "7");

/** Values that no session contains before: those would keep their type. */
const values = fc.oneof(
  fc.integer({ min: 1_000_000, max: 2_000_000_000 }),
  fc.string({ unit: "binary", maxLength: 20 }).map((text) => `new ${text}`),
  fc.double({ min: 1e21, max: 1e300, noNaN: true }),
  fc.array(fc.constantFrom(true, false, null, 1.5, -7, "é", []), { minLength: 1, maxLength: 4 }),
);

/** Operations that mean the same in PHP and here. Each name occurs once: a new value behind an old one keeps its place. */
export const arbitraryOperations: fc.Arbitrary<readonly Operation[]> = fc.uniqueArray(
  fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fc.constant("set" as const), names, values) },
    { weight: 2, arbitrary: fc.tuple(fc.constant("copy" as const), names, names) },
    { weight: 2, arbitrary: fc.tuple(fc.constant("delete" as const), names, fc.constant(null)) },
    fc.tuple(fc.constant("add" as const), types, values),
    fc.tuple(fc.constant("take" as const), types, fc.constant(null)),
  ),
  {
    selector: ([operation, name]) => (operation === "add" || operation === "take" ? `${name} flash` : name),
    maxLength: 5,
  },
);

/** Carries out operations on our session. */
export function carryOut(operations: readonly Operation[], draft: SessionDraft): void {
  for (const [operation, name, value] of operations) {
    if (operation === "set") draft.set(name, value);
    if (operation === "copy") draft.set(name, draft.get(value) ?? null);
    if (operation === "delete") draft.delete(name);
    if (operation === "add") draft.flash.add(name, value);
    if (operation === "take") draft.flash.take(name);
  }
}
