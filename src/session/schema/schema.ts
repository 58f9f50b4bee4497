import { isPromise } from "../../backend/pending-call.ts";
import { cloneJson, type Json } from "../../formats/json.ts";
import type { RefusedNames } from "./refusal.ts";

/**
 * A schema of the attributes of a session: an object schema of zod, valibot, arktype or any other library that
 * implements Standard Schema.
 *
 * @remarks
 * This is the part of the interface `StandardSchemaV1` that is used here, copied as its authors suggest
 * (https://standardschema.dev), so that there is no dependency.
 *
 * @public
 */
export interface SessionSchema<Attributes extends object = Record<string, unknown>> {
  /** The properties that Standard Schema defines. */
  readonly "~standard": {
    /** The version of the interface. */
    readonly version: 1;
    /** The name of the library. */
    readonly vendor: string;
    /** Validates the attributes of a session. It must be synchronous: a promise is refused with a `TypeError`. */
    readonly validate: (value: unknown) => SchemaResult<Attributes> | Promise<SchemaResult<Attributes>>;
    /** The types, for inference only. */
    readonly types?: { readonly input: unknown; readonly output: Attributes } | undefined;
  };
}

/**
 * The result of a {@link SessionSchema}: the attributes as the schema returns them, or what is wrong with them.
 *
 * @public
 */
export type SchemaResult<Attributes> =
  | { readonly value: Attributes; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/**
 * One thing that is wrong with the attributes. Its message is not used, because it may quote them.
 *
 * @public
 */
export interface SchemaIssue {
  /** The message. */
  readonly message: string;
  /** The place, from the name of the attribute on; absent or empty: the attributes as a whole. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The result of a schema in the terms of sessions. */
export type Verdict = { readonly output: Readonly<Record<string, unknown>> } | { readonly refused: RefusedNames };

/** Asks a schema about attributes. It gets copies, because schemas of some libraries transform values in place. */
export function judge(schema: SessionSchema, attributes: ReadonlyMap<string, Json>): Verdict {
  const result = schema["~standard"].validate(cloneJson(Object.fromEntries(attributes)));
  if (isPromise(result)) throw asynchronous(result);
  if (result.issues) return { refused: new Set(result.issues.map(attributeOf)) };
  if (typeof result.value === "object" && result.value !== null) return { output: { ...result.value } };
  throw new TypeError("The schema must be one of objects, whose members are the attributes.");
}

function attributeOf({ path }: SchemaIssue): string | undefined {
  const first = path?.[0];
  const key = typeof first === "object" ? first.key : first;
  return typeof key === "string" ? key : undefined;
}

function asynchronous(result: Promise<unknown>): TypeError {
  result.then(undefined, () => {}); // nobody handles it any more
  return new TypeError(
    "The schema is asynchronous, but a session checks its attributes at once. Leave out whatever waits, and do it before `set`.",
  );
}

/** Checks that an option is a schema. Those of arktype are functions. */
export function checkSchema(schema: unknown): void {
  const standard: unknown = isHolder(schema) ? schema["~standard" as never] : undefined;
  if (isHolder(standard) && "validate" in standard && typeof standard.validate === "function") return;
  throw new TypeError("schema must implement Standard Schema, as the schemas of zod, valibot and arktype do.");
}

function isHolder(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
