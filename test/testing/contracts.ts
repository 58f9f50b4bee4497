import {
  type Contract,
  connectionCheckContract,
  connectionCheckMutants,
  decoratorContract,
  decoratorMutants,
  handlerMutants,
  type Kill,
  type KillTableOptions,
  killTable,
  lossMutants,
  lossyNetworkContract,
  type Mutant,
  overlapMutants,
  overlappingContract,
  sequentialContract,
  sessionContract,
  sessionMergeContract,
  sessionMergeMutants,
  sessionMutants,
  sessionSequenceMutants,
  sessionSequencesContract,
  ticketContract,
  ticketMutants,
  transformingDecoratorContract,
  transformingDecoratorMutants,
  userContract,
  userMutants,
} from "sessionwire/testing/properties";

/** A contract and the broken versions that it must find. */
export interface Judged {
  readonly laws: readonly number[];
  readonly mutants: readonly { readonly law: number; readonly bug: string }[];
  kills(options: KillTableOptions): Promise<Kill[]>;
}

/** By its name in the kit. */
export const contracts: Readonly<Record<string, Judged>> = {
  sequentialContract: judged(sequentialContract, handlerMutants()),
  overlappingContract: judged(overlappingContract, overlapMutants()),
  lossyNetworkContract: judged(lossyNetworkContract, lossMutants()),
  decoratorContract: judged(decoratorContract, decoratorMutants()),
  transformingDecoratorContract: judged(transformingDecoratorContract, transformingDecoratorMutants()),
  connectionCheckContract: judged(connectionCheckContract, connectionCheckMutants()),
  sessionContract: judged(sessionContract, sessionMutants()),
  sessionSequencesContract: judged(sessionSequencesContract, sessionSequenceMutants()),
  sessionMergeContract: judged(sessionMergeContract, sessionMergeMutants()),
  userContract: judged(userContract, userMutants()),
  ticketContract: judged(ticketContract, ticketMutants()),
};

function judged<Subject>(contract: Contract<Subject>, mutants: readonly Mutant<Subject>[]): Judged {
  return { laws: contract.laws, mutants, kills: (options) => killTable(contract, mutants, options) };
}
