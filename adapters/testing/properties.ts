/**
 * The laws in every combination, as properties of fast-check.
 *
 * @packageDocumentation
 */

export {
  confusableIds,
  faultPlans,
  ids,
  invalidIds,
  invalidTtls,
  payloads,
  schedules,
  ttls,
} from "./properties/arbitraries.ts";
export { type ConnectionCheck, connectionCheckContract } from "./properties/connection-check.ts";
export { type CheckOptions, type Contract, ContractError, checkContract, type Story } from "./properties/contract.ts";
export { type Decorate, decoratorContract } from "./properties/decorator.ts";
export { lossyNetworkContract } from "./properties/handler-losses.ts";
export { overlappingContract } from "./properties/handler-overlaps.ts";
export type { HandlerStage } from "./properties/handler-sequences/world.ts";
export { sequentialContract } from "./properties/handler-sequences.ts";
export { describeKills, type Kill, type KillTableOptions, killTable, type Mutant } from "./properties/kill-table.ts";
export { connectionCheckMutants } from "./properties/mutants/connection-check-mutants.ts";
export { decoratorMutants } from "./properties/mutants/decorator-mutants.ts";
export { handlerMutants } from "./properties/mutants/handler-mutants.ts";
export { lossMutants } from "./properties/mutants/loss-mutants.ts";
export { overlapMutants } from "./properties/mutants/overlap-mutants.ts";
export { sessionMergeMutants } from "./properties/mutants/session-merge-mutants.ts";
export { sessionMutants } from "./properties/mutants/session-mutants.ts";
export { sessionSequenceMutants } from "./properties/mutants/session-sequence-mutants.ts";
export { ticketMutants } from "./properties/mutants/ticket-mutants.ts";
export { transformingDecoratorMutants } from "./properties/mutants/transforming-decorator-mutants.ts";
export { userMutants } from "./properties/mutants/user-mutants.ts";
export type { CreateManager } from "./properties/session/create-manager.ts";
export { SessionLedger } from "./properties/session/ledger.ts";
export {
  type AttemptResult,
  listOf,
  type SessionChange,
  type SessionEnd,
  type SessionLook,
  type SessionView,
} from "./properties/session/ledger-entries.ts";
export { messageFates, type ProcessPlan, processPlans } from "./properties/session/process-plans.ts";
export { type SessionScript, tellSession } from "./properties/session/script.ts";
export type { SessionBeginning, SessionVocabulary } from "./properties/session/vocabularies.ts";
export {
  createSessionWorld,
  type SessionProcess,
  type SessionWorld,
  type SessionWorldOptions,
} from "./properties/session/world.ts";
export {
  createSessionContract,
  type SessionContractOptions,
  sessionContract,
} from "./properties/session.ts";
export { sessionMergeContract } from "./properties/session-merge.ts";
export { sessionSequencesContract } from "./properties/session-sequences.ts";
export { ticketContract } from "./properties/tickets.ts";
export { type TransformingDecorator, transformingDecoratorContract } from "./properties/transforming-decorator.ts";
export { userContract } from "./properties/users.ts";
