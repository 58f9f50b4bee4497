import { SessionError } from "sessionwire";
import { decode } from "./mask.ts";
import {
  around,
  coded,
  failing,
  instead,
  isEncoded,
  type TransformingMutant,
  withOutcome,
} from "./transforming-mutant.ts";

/** Something has failed, and it is told wrong. */
export function mutantsOfFailures(): TransformingMutant[] {
  return [
    around(32, "takes what cannot be decoded for an absence", (outer) => ({
      read: (id, options) => outer.read(id, options).catch(instead("corrupt", () => undefined)),
    })),
    around(32, "takes a failed read for an absence", (outer) => ({
      read: (id, options) => outer.read(id, options).catch(instead("overloaded", () => undefined)),
    })),
    around(43, "says that what cannot be decoded is a failure like others", (outer) => ({
      read: (id, options) =>
        outer.read(id, options).catch(
          instead("corrupt", (cause) => {
            throw new SessionError("failed", "It cannot be decoded.", { cause });
          }),
        ),
    })),
    coded(43, "hands out as it is what it cannot decode", {
      decode: (stored) => (isEncoded(stored) ? decode(stored) : stored),
    }),
    around(34, "does not know that a write was refused of which it cannot decode the reason", (outer) => ({
      write: (id, data, options) => outer.write(id, data, options).catch(instead("corrupt", withOutcome(undefined))),
    })),
    around(34, "says that a destroy may have been applied that was refused", (outer) => ({
      destroy: (id, options) => outer.destroy(id, options).catch(instead("corrupt", withOutcome("unknown"))),
    })),
    failing(34, "says that a write may have been applied that could not be encoded", (outer) => ({
      write: (id, data, options) => outer.write(id, data, options).catch(withOutcome("unknown")),
    })),
    failing(34, "passes on what could not be encoded, and fails", (outer, inner) => ({
      write: (id, data, options) =>
        outer.write(id, data, options).catch(async (error) => {
          await inner.write(id, data, options);
          throw error;
        }),
    })),
    failing(32, "writes what cannot be encoded as it is", (outer, inner) => ({
      write: (id, data, options) => outer.write(id, data, options).catch(() => inner.write(id, data, options)),
    })),
    failing(33, "lets the error of the encoding through", (outer) => ({
      write: (id, data, options) => outer.write(id, data, options).catch(() => Promise.reject(new Error("No key."))),
    })),
    failing(35, "says what could not be encoded", (outer) => ({
      write: (id, data, options) =>
        outer.write(id, data, options).catch((error) => {
          throw new SessionError(error.code, `No key for ${new TextDecoder().decode(data)}.`, error);
        }),
    })),
    around(35, "says which session cannot be decoded", (outer) => ({
      read: (id, options) =>
        outer.read(id, options).catch(
          instead("corrupt", (cause) => {
            throw new SessionError("corrupt", `${id} cannot be decoded.`, { cause });
          }),
        ),
    })),
    around(109, "wraps the errors of the handler inside", (outer) => ({
      destroy: (id, options) =>
        outer.destroy(id, options).catch(
          instead("unavailable", (cause) => {
            throw new SessionError("unavailable", "The handler inside has failed.", { cause, outcome: "unknown" });
          }),
        ),
    })),
  ];
}
