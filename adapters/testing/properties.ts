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
export { overlappingContract } from "./properties/handler-overlaps.ts";
export { type HandlerStage, sequentialContract } from "./properties/handler-sequences.ts";
export { type CreateManager, sessionContract } from "./properties/session.ts";
