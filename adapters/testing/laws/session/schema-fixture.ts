import type { SchemaResult, SessionSchema } from "sessionwire";

type Attributes = Record<string, unknown>;
type Result = SchemaResult<Attributes>;

/**
 * A schema of trips: it trims the name, knows no other attributes than these, and allows no trip that ends before it
 * starts.
 */
export const tripSchema: SessionSchema = schemaOf((attributes) => {
  const { name, from, to } = attributes;
  const refused = [
    ...(name === undefined || typeof name === "string" ? [] : ["name"]),
    ...(from === undefined || typeof from === "number" ? [] : ["from"]),
    ...(to === undefined || typeof to === "number" ? [] : ["to"]),
  ];
  if (refused.length > 0) return issuesAt(...refused);
  if (typeof from === "number" && typeof to === "number" && from > to) return issuesAt(undefined);
  return {
    value: {
      ...(typeof name === "string" && { name: name.trim() }),
      ...(typeof from === "number" && { from }),
      ...(typeof to === "number" && { to }),
    },
  };
});

/** A schema that requires an attribute, and trims all texts. */
export function requiring(name: string): SessionSchema {
  return schemaOf((attributes) =>
    attributes[name] === undefined
      ? issuesAt(name)
      : { value: Object.fromEntries(Object.entries(attributes).map(([each, value]) => [each, trimmed(value)])) },
  );
}

function trimmed(value: unknown): unknown {
  return typeof value === "string" ? value.trim() : value;
}

export function schemaOf(validate: (attributes: Attributes) => Result | Promise<Result>): SessionSchema {
  // Given by a session, which passes an object.
  return { "~standard": { version: 1, vendor: "test", validate: (value) => validate(value as Attributes) } };
}

export function issuesAt(...names: (string | undefined)[]): Result {
  const message = "Its message may quote the value, so it must not be used: secret";
  return { issues: names.map((name) => (name === undefined ? { message } : { message, path: [name] })) };
}
