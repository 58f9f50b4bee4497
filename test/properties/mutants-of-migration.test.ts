import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { createMutants, type Mutant } from "../laws/mutate.ts";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { type MigrationSubject, migrationProperty } from "./migration.ts";

const file = "src/decorators/migration/migration.ts";
const bugs: Mutant[] = [
  {
    law: 21,
    bug: "a session is moved that others may change meanwhile",
    file,
    from: "const version = isMoving(old.data) ? old.version : await this.#mark(key, old, ttlSeconds, call);",
    to: "const { version } = old;",
  },
  {
    law: 22,
    bug: "a session that has ended in the new store leaves no mark",
    file,
    from: "    if (!isHeld) return false;\n",
    to: `    if (!isHeld) return false;
    if (place === "new") return (await this.#to.destroy(key, { replaces: stored.version })).destroyed;
`,
  },
  {
    law: 2,
    bug: "what moves between two looks is taken for gone",
    file,
    from: "if (old === undefined) return this.#findNew(key, ttlSeconds, call);",
    to: 'if (old === undefined) return { place: "nowhere" };',
  },
  {
    law: 3,
    bug: "the mark is moved with the session",
    file,
    from: "const data = bytesOf(old.data);",
    to: "const { data } = old;",
  },
  {
    law: 43,
    bug: "who does not move sessions takes the mark for the session",
    file,
    from: "if (!this.#moves && !isMoving(old.data)) return",
    to: "if (!this.#moves) return",
  },
  {
    law: 22,
    bug: "nobody ends what somebody has left half ended",
    file,
    from: "    await this.#from.destroy(key, withCancellation({}, call)); // what has not been done by somebody who got no further\n",
    to: "",
  },
  {
    law: 2,
    bug: "a session leaves the old store before it is in the new one",
    file,
    from: "    const created = await this.#to.write(key, data, withCancellation({ replaces: undefined, ttlSeconds }, call));\n    await this.#from.destroy(key, withCancellation({ replaces: version }, call));\n",
    to: "    await this.#from.destroy(key, withCancellation({ replaces: version }, call));\n    const created = await this.#to.write(key, data, withCancellation({ replaces: undefined, ttlSeconds }, call));\n",
  },
  {
    law: 34,
    bug: "an end whose reply was lost counts as not applied",
    file,
    from: "!(await this.#isEnding(key, found, call))",
    to: "!(await before(this.#isEnding(key, found, call)))",
  },
];

const copies = createMutants<MigrationSubject>();
afterAll(() => copies[Symbol.dispose]());
ignoreUnhandledRejections();

for (const bug of bugs) {
  test(`the property finds that ${bug.bug}`, async () => {
    // By chance, some of them take thousands of stories to be seen; this seed is a lucky one for all.
    const luck = { numRuns: 10_000, endOnFailure: true, seed: 26 };
    const result = await fc.check(migrationProperty(await copies.load(bug)), luck);
    expect(result.failed).toBe(true);
  }, 60_000);
}
