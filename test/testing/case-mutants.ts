import {
  type ConformanceCase,
  connectionCheckCases,
  handlerCases,
  type WithConnectionCheck,
} from "sessionwire/testing";
import {
  type ConnectionCheck,
  connectionCheckMutants,
  type HandlerStage,
  handlerMutants,
} from "sessionwire/testing/properties";

/** A broken version of the kit, and the cases of the law that it breaks. */
interface CaseMutant {
  readonly law: number;
  readonly bug: string;
  readonly cases: readonly ConformanceCase[];
}

/** Takes a longer story than a case tells: only the contract finds it. */
const byContractAlone = new Set([
  "an empty session reads as absent",
  "the last instant still counts",
  "the last instant does not count",
  "a read never shortens the time to live",
  "reconnects twice",
  "does not suspect a connection after a failure",
  "remembers a failed check forever",
  "returns an answer of its own",
  "wraps the errors of the inner handler",
  "sends an aborted call",
  "rejects an aborted call a moment late",
]);

/** The broken versions of the kit that break a law with cases. Most of them are found by its cases, and all by its contract. */
const mutants: readonly CaseMutant[] = [
  ...handlerMutants().map(({ law, bug, subject }) => ({ law, bug, cases: handlerCasesOf(subject) })),
  ...connectionCheckMutants().map(({ law, bug, subject }) => ({ law, bug, cases: checkCasesOf(subject) })),
]
  .map(({ cases, ...mutant }) => ({ ...mutant, cases: cases.filter(({ law }) => law === mutant.law) }))
  .filter(({ cases }) => cases.length > 0);

/** Those that a case of the law must find. */
export const caseMutants: readonly CaseMutant[] = mutants.filter(({ bug }) => !byContractAlone.has(bug));

/** Those that no case finds. */
export const contractMutants: readonly CaseMutant[] = mutants.filter(({ bug }) => byContractAlone.has(bug));

function handlerCasesOf(subject: () => HandlerStage): ConformanceCase[] {
  let stage: HandlerStage | undefined;
  return handlerCases({
    create() {
      stage = subject();
      return stage.handler;
    },
    advance: (ms) => stage?.advance(ms),
  });
}

/** The contract calls a check on handlers with a connection alone; the cases call it on others as well, which it takes. */
function checkCasesOf(subject: ConnectionCheck): ConformanceCase[] {
  return connectionCheckCases(subject as WithConnectionCheck);
}
