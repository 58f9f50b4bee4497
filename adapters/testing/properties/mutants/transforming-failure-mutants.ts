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

/** Returns mutants that report a failure wrongly. */
export function mutantsOfFailures(): TransformingMutant[] {
  return [
    around(32, "takes undecodable data for an absence", (outer) => ({
      read: (id, options) => outer.read(id, options).catch(instead("corrupt", () => undefined)),
    })),
    around(32, "takes a failed read for an absence", (outer) => ({
      read: (id, options) => outer.read(id, options).catch(instead("overloaded", () => undefined)),
    })),
    around(43, "reports undecodable data as an ordinary failure", (outer) => ({
      read: (id, options) =>
        outer.read(id, options).catch(
          instead("corrupt", (cause) => {
            throw new SessionError("failed", "It cannot be decoded.", { cause });
          }),
        ),
    })),
    coded(43, "returns undecodable data unchanged", {
      decode: (stored) => (isEncoded(stored) ? decode(stored) : stored),
    }),
    around(34, "does not detect a refused write if it cannot decode the conflict", (outer) => ({
      write: (id, data, options) => outer.write(id, data, options).catch(instead("corrupt", withOutcome(undefined))),
    })),
    around(34, "states that a refused destroy may have been applied", (outer) => ({
      destroy: (id, options) => outer.destroy(id, options).catch(instead("corrupt", withOutcome("unknown"))),
    })),
    failing(34, "states that a write may have been applied that could not be encoded", (outer) => ({
      write: (id, data, options) => outer.write(id, data, options).catch(withOutcome("unknown")),
    })),
    failing(34, "passes on a write that could not be encoded, and fails", (outer, inner) => ({
      write: (id, data, options) =>
        outer.write(id, data, options).catch(async (error) => {
          await inner.write(id, data, options);
          throw error;
        }),
    })),
    failing(32, "writes unencoded what cannot be encoded", (outer, inner) => ({
      write: (id, data, options) => outer.write(id, data, options).catch(() => inner.write(id, data, options)),
    })),
    failing(33, "lets an encoding error through", (outer) => ({
      write: (id, data, options) => outer.write(id, data, options).catch(() => Promise.reject(new Error("No key."))),
    })),
    failing(35, "reveals the data that could not be encoded", (outer) => ({
      write: (id, data, options) =>
        outer.write(id, data, options).catch((error) => {
          throw new SessionError(error.code, `No key for ${new TextDecoder().decode(data)}.`, error);
        }),
    })),
    around(35, "reveals the id of the session that cannot be decoded", (outer) => ({
      read: (id, options) =>
        outer.read(id, options).catch(
          instead("corrupt", (cause) => {
            throw new SessionError("corrupt", `${id} cannot be decoded.`, { cause });
          }),
        ),
    })),
    around(109, "wraps the errors of the inner handler", (outer) => ({
      destroy: (id, options) =>
        outer.destroy(id, options).catch(
          instead("unavailable", (cause) => {
            throw new SessionError("unavailable", "The handler inside has failed.", { cause, outcome: "unknown" });
          }),
        ),
    })),
  ];
}
