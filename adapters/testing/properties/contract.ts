import fc from "fast-check";

/**
 * Laws in every combination: a property that holds for each right implementation, whatever it is given.
 *
 * @public
 */
export interface Contract<Subject> {
  /** What it is about. */
  readonly name: string;
  /** The numbers of the laws that it checks: a failure names one of them, and each has a mutant that it finds. */
  readonly laws: readonly number[];
  /** The property, for one implementation. */
  property(subject: Subject): fc.IAsyncProperty<[Story]>;
  /** Stories that are told first: what once broke it, as far as the implementation has a place for it. */
  examples?(subject: Subject): readonly Story[];
}

/**
 * Something that happens to an implementation, which prints as a reader would write it.
 *
 * @public
 */
export interface Story {
  /** `write(a, 3 s), advance(4 s), read(a)`, for instance. */
  toString(): string;
}

/**
 * The options of {@link checkContract}.
 *
 * @public
 */
export interface CheckOptions {
  /** How many stories are tried. @defaultValue 100 */
  readonly numRuns?: number;
  /** The same seed gives the same stories. @defaultValue a random one, which a failure names */
  readonly seed?: number;
  /** Goes straight to one story of that seed: what a failure names. */
  readonly path?: string;
  /** A story that takes longer has failed, as where something never settles; in milliseconds of real time. @defaultValue 60,000 */
  readonly storyTimeoutMs?: number;
}

/**
 * An implementation has broken a contract. The message tells the law, the shortest story that shows it, and the line that replays it:
 * exactly, on virtual time; where a real store answers, as far as that takes as long as before.
 *
 * @public
 */
export class ContractError extends Error {
  /** Always `"ContractError"`. */
  override readonly name = "ContractError";
  /** The number of the law that was broken, if that is known. */
  readonly law: number | undefined;
  /** The shortest story that shows it. */
  readonly story: string;
  /** How many stories had been tried until then. */
  readonly runs: number;
  /** What repeats it. */
  readonly replay: { readonly seed: number; readonly path: string };

  constructor(contract: string, { counterexample, numRuns, seed, counterexamplePath, errorInstance }: Failure) {
    const story = String(counterexample?.[0] ?? "");
    const replay = { seed, path: counterexamplePath ?? "" };
    const reason = reasonsOf(errorInstance).join("; caused by: ");
    const lines = [
      `${contract}: ${reason}`,
      `  Story:  ${story || "(nothing happens)"}`,
      `  Replay: await checkContract(contract, subject, ${JSON.stringify(replay)})`,
    ];
    super(lines.join("\n"), { cause: errorInstance });
    this.law = errorInstance instanceof BrokenLaw ? errorInstance.law : undefined;
    this.story = story;
    this.runs = numRuns;
    this.replay = replay;
  }
}

type Failure = Pick<
  fc.RunDetails<[Story]>,
  "counterexample" | "numRuns" | "seed" | "counterexamplePath" | "errorInstance"
>;

/**
 * Tries stories on an implementation until one breaks the contract.
 *
 * @throws (as a rejection) {@link ContractError}.
 *
 * @public
 */
export async function checkContract<Subject>(
  contract: Contract<Subject>,
  subject: Subject,
  options: CheckOptions = {},
): Promise<void> {
  const examples = contract.examples?.(subject).map((story): [Story] => [story]) ?? [];
  const { storyTimeoutMs: timeout = 60_000, ...parameters } = options;
  const details = await fc.check(contract.property(subject), { ...parameters, timeout, examples });
  if (details.failed) throw new ContractError(contract.name, details);
}

/** What a handler has wrapped is often what one wants to know. */
function reasonsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  return error.cause === undefined ? [error.message] : [error.message, ...reasonsOf(error.cause)];
}

/** What a property throws when it knows which law was broken. */
export class BrokenLaw extends Error {
  readonly law: number;

  constructor(law: number, says: string) {
    super(`${says} (law ${law})`);
    this.law = law;
  }
}

/** Throws unless the law holds. */
export function holds(law: number, isTrue: boolean, says: string): void {
  if (!isTrue) throw new BrokenLaw(law, says);
}

/** Something that one participant of a story does, and how it is written. */
export interface Step<Of> {
  readonly words: string;
  take(on: Of): Promise<void> | void;
}

/** Steps one after the other; they shrink to the shortest that show the failure. */
export function stories<Of>(
  steps: fc.Arbitrary<Step<Of>>,
  maxLength = 40,
): fc.Arbitrary<Story & { steps: Step<Of>[] }> {
  return fc.array(steps, { maxLength, size: "max" }).map((steps) => ({
    steps,
    toString: () => steps.map(({ words }) => words).join(", "),
  }));
}
