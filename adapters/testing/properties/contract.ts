import fc from "fast-check";

/**
 * A contract checks laws in every combination: it is a property that holds for every correct implementation, whatever
 * its input.
 *
 * @public
 */
export interface Contract<Subject> {
  /** The subject of the contract. */
  readonly name: string;
  /** The numbers of the laws that it checks: a failure names one of them, and each has a mutant that it finds. */
  readonly laws: readonly number[];
  /** Returns the property, for one implementation. */
  property(subject: Subject): fc.IAsyncProperty<[Story]>;
  /** Stories that run first: earlier counterexamples, as far as they apply to the implementation. */
  examples?(subject: Subject): readonly Story[];
}

/**
 * An event that happens to an implementation, with a readable printed form.
 *
 * @public
 */
export interface Story {
  /** Returns the printed form, for instance `write(a, 3 s), advance(4 s), read(a)`. */
  toString(): string;
}

/**
 * The options of {@link checkContract}.
 *
 * @public
 */
export interface CheckOptions {
  /** Number of stories to try. @defaultValue 100 */
  readonly numRuns?: number;
  /** The seed of the stories, which are reproducible. @defaultValue a random seed, which a failure names */
  readonly seed?: number;
  /** The path to one story of that seed, as a failure names it. */
  readonly path?: string;
  /**
   * Time limit of a story in milliseconds of real time; a story that exceeds it has failed, for instance because a call
   * never settles. @defaultValue 60,000
   */
  readonly storyTimeoutMs?: number;
}

/**
 * An implementation has broken a contract. The message states the law, the shortest story that shows it, and the line
 * that replays it: exactly, in virtual time; on a real store, as far as the store takes the same time again.
 *
 * @public
 */
export class ContractError extends Error {
  /** Always `"ContractError"`. */
  override readonly name = "ContractError";
  /** The number of the broken law, if it is known. */
  readonly law: number | undefined;
  /** The shortest story that shows it. */
  readonly story: string;
  /** The number of stories tried until then. */
  readonly runs: number;
  /** The options that repeat it. */
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
 * Tries stories on an implementation until one of them breaks the contract.
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

/** Returns the messages of an error and of its causes, because the wrapped error often explains most. */
function reasonsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  return error.cause === undefined ? [error.message] : [error.message, ...reasonsOf(error.cause)];
}

/** Thrown by a property that knows which law was broken. */
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

/** An action of one participant of a story, and its printed form. */
export interface Step<Of> {
  readonly words: string;
  take(on: Of): Promise<void> | void;
}

/** Generates a sequence of steps, which shrinks to the shortest that shows the failure. */
export function stories<Of>(
  steps: fc.Arbitrary<Step<Of>>,
  maxLength = 40,
): fc.Arbitrary<Story & { steps: Step<Of>[] }> {
  return fc.array(steps, { maxLength, size: "max" }).map((steps) => ({
    steps,
    toString: () => steps.map(({ words }) => words).join(", "),
  }));
}
