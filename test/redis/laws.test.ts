import { createRedisHandler } from "sessionwire/redis";
import { defineCases } from "sessionwire/testing";
import { afterAll, describe, expect, test } from "vitest";
import { casesOf, isCaught } from "../conformance/cases.ts";
import { createMutants, type Mutant } from "../laws/mutate.ts";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { type RedisSubject, redisCases, redisLaws } from "./laws.ts";

const cases = casesOf(redisLaws, { createRedisHandler });
defineCases("on a real server", cases, { describe, it: test });

const adapter = "adapters/redis/handler.ts";
const errors = "adapters/redis/errors.ts";
const replies = "adapters/redis-replies/error-reply.ts";
const attempts = "adapters/redis/attempt.ts";
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
    law: 33,
    bug: "a word behind the general one is not read",
    file: replies,
    from: "const general = /^(?:-|ERR )/;",
    to: "const general = /^-/;",
  },
  {
    law: 33,
    bug: "a word is read wherever it stands",
    file: replies,
    from: "/^([A-Z]+)(?: (.*))?$/s.exec(rest)",
    to: "/\\b(READONLY|OOM|MOVED|NOAUTH|WRONGTYPE)\\b(?: (.*))?$/s.exec(rest)",
  },
  {
    law: 33,
    bug: "a word in a script of Redis 6 is not read",
    file: replies,
    from: 'rest = rest.replace(placeInScript, "");',
    to: "",
  },
  {
    law: 33,
    bug: "the refusals of an access control list in newer scripts are failures",
    file: replies,
    from: '  ["ACL failure in script", "unauthorized"], // Redis 8, Valkey 8\n',
    to: "",
  },
  {
    law: 34,
    bug: "every error reply is taken for one of the store",
    file: errors,
    from: 'reply.isDoubtful ? undefined : "not-applied"',
    to: '"not-applied"',
  },
  {
    law: 34,
    bug: "what a proxy says is taken for an error of the store",
    file: replies,
    from: "|upstream/i.test(own)",
    to: "/i.test('')",
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
    from: "const cause = safeCause(error, knownWords);\n  const reply",
    to: "const cause = new Error((error as Error).message);\n  const reply",
  },
  {
    law: 35,
    bug: "only what stands in quotes is left out",
    file: errors,
    from: "const cause = safeCause(error, knownWords);\n  const reply",
    to: "const cause = new Error((error as Error).message.replace(/(['\"`]).*\\1/s, \"'…'\"));\n  const reply",
  },
  {
    law: 38,
    bug: "an attempt that its caller has left is waited for until the end of the process",
    file: attempts,
    from: "running.begunAt > this.#withinMs + OVERDUE_MS",
    to: "running.begunAt > Number.MAX_VALUE",
  },
  {
    law: 67,
    bug: "a reconnection that is given up takes along who waits for its connection",
    file: attempts,
    from: "running.renewals === 0 && !isAwaited(running)",
    to: "running.renewals === 0",
  },
  {
    law: 67,
    bug: "an attempt to connect is that of the call that began it",
    file: "adapters/redis/connection.ts",
    from: "return this.current ?? this.#opening.join(() => this.#start(), call);",
    to: 'call.signal.addEventListener("abort", () => this.#opening.abandon(call.signal.reason));\nreturn this.current ?? this.#opening.join(() => this.#start(), call);',
  },
  {
    law: 67,
    bug: "a call that waits for a connection fails with it",
    file: attempts,
    from: "if (!running.isReplaced || waiter?.ended) throw error;",
    to: "throw error;",
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
  { law: 43, bug: "another type is just a failure", file: replies, from: '  WRONGTYPE: "corrupt",\n', to: "" },
  {
    law: 73,
    bug: "a server that cannot save counts as dead",
    file: replies,
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
      expect(await isCaught(mutant, redisCases(subject))).toBe(true);
    });
  }

  test("there is one for each law", () => {
    const broken = new Set(mutants.map(({ law }) => law));
    expect(redisLaws.filter(({ law }) => !broken.has(law))).toEqual([]);
  });
});
