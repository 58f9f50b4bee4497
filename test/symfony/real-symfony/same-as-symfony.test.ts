import fc from "fast-check";
import { symfonyFormat } from "sessionwire/symfony";
import { expect, test } from "vitest";
import { textFixtures } from "../fixtures.ts";
import { openPhpSessions } from "../sessions-in-memory.ts";
import { askSymfony, type Operation, type SymfonyRequest } from "./ask-symfony.ts";
import { arbitraryOperations, carryOut } from "./operations.ts";
import { withoutTimes } from "./without-times.ts";

const threshold = 2 ** 31 - 1;

/** How many sessions are changed by either side. */
const times = Number(process.env.SAME_AS_SYMFONY ?? 1500);

test("whatever is done with a session, the bytes are those that Symfony stores", async () => {
  // Real Symfony would change these even if nothing is done: their classes do not exist there.
  const unchanged = requestsOf((fixture) => ({ ...fixture, operations: [] }));
  const opened = askSymfony(unchanged);
  const kept = unchanged.filter(({ bytes }, index) => {
    const answer = opened[index];
    return answer && "stored" in answer && answer.stored === Buffer.from(bytes).toString("latin1");
  });
  expect(kept.length).toBeGreaterThan(90);
  const requests = fc
    .sample(fc.tuple(fc.constantFrom(...kept), arbitraryOperations), times)
    .map(([request, operations]) => ({ ...request, operations: operations.filter((each) => isAlike(each, request)) }));
  const answers = askSymfony(requests);
  let [equal, refused] = [0, 0];
  for (const [index, request] of requests.entries()) {
    const answer = answers[index];
    const ours = await afterOurs(request);
    if (ours === "refused") refused += 1;
    else if (answer && "stored" in answer)
      expect(withoutTimes(ours), describe(request)).toBe(withoutTimes(answer.stored));
    else expect.fail(`Symfony has failed. ${describe(request)}`);
    equal += 1;
  }
  console.info(`${equal - refused} of ${times} sessions are stored as Symfony does, ${refused} changes were refused`);
  expect(refused).toBeLessThan(times / 20);
});

/** PHP copies an array together with the references in it, and so each copy is the same variable; ours are copies. */
function isAlike([operation]: Operation, { bytes }: SymfonyRequest): boolean {
  return operation !== "copy" || !Buffer.from(bytes).includes("R:");
}

function describe({ bytes, operations }: SymfonyRequest): string {
  return JSON.stringify({ session: Buffer.from(bytes).toString("latin1"), operations });
}

function requestsOf(make: (request: SymfonyRequest) => SymfonyRequest): SymfonyRequest[] {
  return textFixtures.map(({ session, serializer }) =>
    make({ bytes: session, serializer, threshold, expires: false, operations: [] }),
  );
}

/** Returns what our session stores, or that a change was refused because of a reference. */
async function afterOurs({ bytes, serializer, operations }: SymfonyRequest): Promise<string | undefined> {
  await using php = openPhpSessions(symfonyFormat({ serializer, metadataUpdateThresholdSeconds: threshold }));
  const id = await php.store(bytes);
  try {
    await php.sessions.update(id, (draft) => carryOut(operations, draft));
  } catch (error) {
    if (error instanceof TypeError) return "refused";
    throw error;
  }
  return php.bytesOf(id);
}
