import { readFileSync } from "node:fs";
import {
  createSessionManager,
  expressFormat,
  nativeFormat,
  withConnectionCheck,
  withMigration,
  withTimeout,
} from "sessionwire";
import { createGuardedHandler, type SessionFormat } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { symfonyFormat } from "sessionwire/symfony";
import { createReferenceHandler, createVirtualClock, type VirtualClock } from "sessionwire/testing";
import {
  ContractError,
  type CreateManager,
  checkContract,
  connectionCheckContract,
  type Decorate,
  decoratorContract,
  type HandlerStage,
  handlerMutants,
  lossyNetworkContract,
  overlappingContract,
  sequentialContract,
  sessionContract,
  sessionMergeContract,
  sessionSequencesContract,
  ticketContract,
  transformingDecoratorContract,
  userContract,
} from "sessionwire/testing/properties";
import { describe, expect, test } from "vitest";
import { contracts } from "./contracts.ts";
import { transformingDecorators } from "./transforming-decorators.ts";

/** `npm run kills` tells more of them. */
const numRuns = Number(process.env.CLEAN_RUNS ?? 100);
const page = readFileSync(new URL("../../docs/testing-kit.md", import.meta.url), "utf8");

type Create = (clock: VirtualClock) => HandlerStage["handler"];

const onClock = (create: Create) => (): HandlerStage => {
  const clock = createVirtualClock();
  return { handler: create(clock), advance: clock.advance };
};

const handlers: Record<string, Create> = {
  "the reference": (clock) => createReferenceHandler({ clock }),
  "the memory": (clock) => createMemoryHandler({ clock }),
  "the memory, decorated": (clock) =>
    withConnectionCheck(withTimeout(createMemoryHandler({ clock }), { clock }), { clock }),
  "the memory, moving to another": (clock) =>
    withMigration(createMemoryHandler({ clock }), createMemoryHandler({ clock }), { clock }),
};

const decorators: Record<string, Decorate> = {
  withTimeout: (handler, clock) => withTimeout(handler, { clock }),
  withConnectionCheck: (handler, clock) => withConnectionCheck(handler, { clock }),
  "both, in one order": (handler, clock) => withConnectionCheck(withTimeout(handler, { clock }), { clock }),
  "both, in the other": (handler, clock) => withTimeout(withConnectionCheck(handler, { clock }), { clock }),
};

const managers: Record<string, CreateManager> = {
  sessions: createSessionManager,
  "sessions in the format of express-session": (parts) => createSessionManager({ ...parts, format: expressFormat() }),
  // In these two, a session that has become empty stays, as the contracts expect it.
  "sessions in the format of Symfony": (parts) =>
    createSessionManager({ ...parts, format: symfonyFormat({ serializer: "php_serialize" }) }),
  "sessions in the format of Symfony with flashes that expire": (parts) =>
    createSessionManager({ ...parts, format: symfonyFormat({ serializer: "php", autoExpireFlashes: true }) }),
  "sessions in a format without tokens or forwards": (parts) => {
    const format = nativeFormat();
    const encode: SessionFormat["encode"] = (record) => format.encode({ ...record, tokens: [] });
    return createSessionManager({
      ...parts,
      format: { ...format, storesTokens: false, storesForwards: false, acceptsForeignIds: true, encode },
    });
  },
};

describe("the contracts hold for", () => {
  const options = { numRuns, seed: Date.now() & 0xffff };

  test.each(Object.entries(handlers))(
    "%s",
    async (name, create) => {
      await checkContract(sequentialContract, onClock(create), options);
      // A session that moves is refused once to those who have read it before, though nobody has changed it.
      if (!name.endsWith("moving to another")) await checkContract(overlappingContract, onClock(create), options);
    },
    3_600_000,
  );

  test(
    "a handler on a network that loses messages",
    () => checkContract(lossyNetworkContract, createGuardedHandler, options),
    3_600_000,
  );

  test(
    "a decorated handler on a network that loses messages",
    () =>
      checkContract(
        lossyNetworkContract,
        (backend, { clock, ...rest }) => {
          const handler = createGuardedHandler(backend, { clock, ...rest });
          return withTimeout(withConnectionCheck(handler, { clock, everySeconds: 0 }), { clock, timeoutMs: 500 });
        },
        options,
      ),
    3_600_000,
  );

  test.each(Object.entries(decorators))(
    "%s",
    async (_, decorate) => {
      await checkContract(decoratorContract, decorate, options);
    },
    3_600_000,
  );

  test.each(Object.entries(transformingDecorators))(
    "%s",
    async (_, subject) => {
      await checkContract(transformingDecoratorContract, subject, options);
    },
    3_600_000,
  );

  test("the connection check", () => checkContract(connectionCheckContract, withConnectionCheck, options), 3_600_000);

  test.each(Object.entries(managers))(
    "%s",
    async (_, create) => {
      await checkContract(sessionContract, create, options);
      await checkContract(sessionSequencesContract, create, options);
      await checkContract(sessionMergeContract, create, options);
      await checkContract(userContract, create, options);
      await checkContract(ticketContract, create, options);
    },
    3_600_000,
  );
});

test.each(Object.entries(contracts))("docs/testing-kit.md names the laws that %s checks", (name, { laws }) => {
  const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\` |`));
  expect(row).toMatch(` | ${inRanges(laws)} |`);
});

test("docs/testing-kit.md states the number of mutants", () => {
  const mutants = Object.values(contracts).reduce((sum, { mutants }) => sum + mutants.length, 0);
  expect(page).toContain(`${mutants} broken versions are published`);
});

describe("a failure", () => {
  const [mutant] = handlerMutants().filter(({ bug }) => bug === "a session lives a second too long");

  test("names the law, shows the shortest run, and can be replayed by one line", async () => {
    if (!mutant) throw new Error("There is no such mutant.");
    const failure = await failureOf(checkContract(sequentialContract, mutant.subject, { seed: 1, numRuns: 1000 }));
    expect(failure.law).toBe(6);
    expect(failure.story).toMatch(/^write\("\S+", \d+ s, [^)]*\), (advance\(\d+ ms\), )+read\("\S+"\), read\("\S+"\)$/);
    expect(failure.message).toContain(failure.story);
    const [, line = ""] = /checkContract\(contract, subject, (\{.*\})\)/.exec(failure.message) ?? [];
    const replayed = await failureOf(checkContract(sequentialContract, mutant.subject, JSON.parse(line)));
    expect(replayed.story).toBe(failure.story);
    expect(replayed.runs).toBe(1);
  });

  test("names what was wrapped, and also occurs if nothing ever settles", async () => {
    const broken = (read: HandlerStage["handler"]["read"]) => () => {
      const stage = onClock((clock) => createReferenceHandler({ clock }))();
      return { ...stage, handler: { ...stage.handler, read } };
    };
    const failing = broken(() => Promise.reject(new Error("It failed.", { cause: new Error("disk full") })));
    expect((await failureOf(checkContract(sequentialContract, failing))).message).toContain(
      "It failed.; caused by: disk full",
    );
    const hanging = broken(() => new Promise(() => {}));
    const options = { storyTimeoutMs: 50, numRuns: 1 };
    expect((await failureOf(checkContract(sequentialContract, hanging, options))).message).toContain("timeout");
  });

  test("does not occur with the same line on a correct implementation", async () => {
    const right = onClock((clock) => createReferenceHandler({ clock }));
    await expect(checkContract(sequentialContract, right, { seed: 1, numRuns: 100 })).resolves.toBeUndefined();
  });
});

/** `1 to 3, 5, 6`, for instance. */
function inRanges(numbers: readonly number[]): string {
  const isInside = (number: number) => numbers.includes(number - 1) && numbers.includes(number + 1);
  const written = numbers.map((number) => (isInside(number) ? "to" : `${number}`)).join(", ");
  return written.replace(/(, to)+, /g, " to ");
}

async function failureOf(check: Promise<void>): Promise<ContractError> {
  const error = await check.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ContractError) return error;
  throw new Error("The contract was not broken.", { cause: error });
}
