import type { Mutant } from "../kill-table.ts";
import type { CreateManager } from "../session/create-manager.ts";
import { sessionHandlerMutants } from "./session-handler-mutants.ts";
import { sessionManagerMutants } from "./session-manager-mutants.ts";
import { sessionObjectMutants } from "./session-object-mutants.ts";

/**
 * Returns sessions with one bug each, for `sessionContract`: the correct ones on a handler with a bug, or with a
 * replaced method.
 *
 * @public
 */
export function sessionMutants(): Mutant<CreateManager>[] {
  return [...sessionHandlerMutants(), ...sessionObjectMutants(), ...sessionManagerMutants()];
}
