import { SessionError } from "../../errors.ts";
import type { Json } from "../../formats/json.ts";

/** The names of refused attributes; `undefined` stands for all attributes as a whole. */
export type RefusedNames = ReadonlySet<string | undefined>;

/** Returns the error for attributes that the schema refuses. It names one of them, and contains no value. */
export function refusal(refused: RefusedNames, attributes: ReadonlyMap<string, Json>): SessionError {
  const [name] = refused;
  if (name === undefined) return invalid("The schema refuses the attributes of the session as a whole.");
  return invalid(`The schema ${attributes.has(name) ? "refuses" : "requires"} the attribute ${JSON.stringify(name)}.`);
}

/** Returns the error for an attribute that the schema leaves out of its result. */
export function unknownAttribute(name: string): SessionError {
  return invalid(`The schema has no attribute ${JSON.stringify(name)}.`);
}

/** Returns the error for an upgrade that has thrown. */
export function failedUpgrade(cause: unknown): SessionError {
  return invalid("The function `onInvalid` has failed on stored attributes.", cause);
}

function invalid(message: string, cause?: unknown): SessionError {
  return new SessionError("invalid", message, { outcome: "not-applied", ...(cause !== undefined && { cause }) });
}
