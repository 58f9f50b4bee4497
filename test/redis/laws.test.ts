import { createRedisHandler } from "sessionwire/redis";
import { afterAll, describe, expect, test } from "vitest";
import { createMutants, type Mutant } from "../laws/mutate.ts";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { type RedisSubject, redisLaws } from "./laws.ts";

describe("on a real server", () => {
  for (const { law, says, check } of redisLaws) test(`${says} (law ${law})`, () => check({ createRedisHandler }));
});

const adapter = "adapters/redis/handler.ts";
const errors = "adapters/redis/errors.ts";
const scripts = "adapters/redis/scripts.ts";

/** Broken versions of the adapter, one at least for each of these laws. */
const mutants: readonly Mutant[] = [
  {
    law: 29,
    bug: "the key is written into the script",
    file: adapter,
    from: 'client.callBuffer("evalsha", script.sha, 1, key, ...args)',
    to: 'client.callBuffer("eval", script.source.split("KEYS[1]").join(["", key, ""].join(`"`)), 1, key, ...args)',
  },
  {
    law: 36,
    bug: "a script that is unknown is loaded by a call that has an effect",
    file: adapter,
    from: "try {\n        // In lower",
    to: 'try {\n        await connections.send(key, call, (client) => client.callBuffer("eval", script.source, 1, key, ...args));\n        // In lower',
  },
  {
    law: 35,
    bug: "what the server says is told as it is",
    file: errors,
    from: "const cause = safeCause(error, knownWords);\n  if",
    to: "const cause = new Error((error as Error).message);\n  if",
  },
  {
    law: 35,
    bug: "only what stands in quotes is left out",
    file: errors,
    from: "const cause = safeCause(error, knownWords);\n  if",
    to: "const cause = new Error((error as Error).message.replace(/(['\"`]).*\\1/s, \"'…'\"));\n  if",
  },
  {
    law: 41,
    bug: "a replacing write creates what is gone",
    file: scripts,
    from: "if versionOf(current) ~= ARGV[1] then return { current } end\nredis.call('SET'",
    to: "if current and versionOf(current) ~= ARGV[1] then return { current } end\nredis.call('SET'",
  },
  {
    law: 42,
    bug: "a replacing write brings back what was evicted",
    file: scripts,
    from: "if versionOf(current) ~= ARGV[1] then return { current } end\nredis.call('SET'",
    to: "if current and versionOf(current) ~= ARGV[1] then return { current } end\nredis.call('SET'",
  },
  { law: 43, bug: "another type is just a failure", file: errors, from: '  WRONGTYPE: "corrupt",\n', to: "" },
  {
    law: 73,
    bug: "a server that cannot save counts as dead",
    file: errors,
    from: '  MISCONF: "overloaded",\n',
    to: '  MISCONF: "unavailable",\n',
  },
];

describe("a broken version is caught", () => {
  const copies = createMutants<RedisSubject>("redis");
  afterAll(() => copies[Symbol.dispose]());

  ignoreUnhandledRejections();

  for (const mutant of mutants) {
    test(`${mutant.bug} (law ${mutant.law})`, async () => {
      const subject = await copies.load(mutant);
      const law = redisLaws.find((candidate) => candidate.law === mutant.law);
      await expect(law?.check(subject)).rejects.toThrow();
    });
  }

  test("there is one for each law", () => {
    expect(new Set(mutants.map(({ law }) => law))).toEqual(new Set(redisLaws.map(({ law }) => law)));
  });
});
