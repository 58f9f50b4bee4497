import { afterAll, describe, expect, test } from "vitest";
import { casesOf, isCaught } from "../conformance/cases.ts";
import { createMutants, type Mutant } from "../laws/mutate.ts";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { startUpstash } from "../servers/upstash-server.ts";
import { type UpstashSubject, upstashLaws } from "./laws.ts";

const adapter = "adapters/upstash.ts";
const answers = "adapters/upstash/answers.ts";
const errors = "adapters/upstash/errors.ts";
const requests = "adapters/upstash/requests.ts";
const scripts = "adapters/upstash/scripts.ts";

/** Broken versions of the adapter, one at least for each of these laws. */
const mutants: readonly Mutant[] = [
  {
    law: 2,
    bug: "requests do not know of each other",
    file: requests,
    from: "syncToken = answer.syncToken ?? syncToken;",
    to: "syncToken = '';",
  },
  {
    law: 3,
    bug: "characters are stored in the place of bytes",
    file: scripts,
    from: "return (text:gsub('[\\\\194\\\\195][\\\\128-\\\\191]', bytes))",
    to: "return text",
  },
  {
    law: 3,
    bug: "bytes are returned as they are, and become others in JSON",
    file: scripts,
    from: "return (data:gsub('[\\\\128-\\\\255]', characters))",
    to: "return data",
  },
  {
    law: 24,
    bug: "the version is another one than over TCP",
    file: scripts,
    from: "(redis.sha1hex(data) .. ':' .. #data)",
    to: "(redis.sha1hex(data .. ' ') .. ':' .. #data)",
  },
  {
    law: 29,
    bug: "a prefix is taken for a pattern",
    file: "adapters/upstash/list.ts",
    from: "escapeGlob(prefix)",
    to: "prefix",
  },
  {
    law: 32,
    bug: "null is taken for absence",
    file: answers,
    from: 'if (reply === "~-") return',
    to: 'if (reply === "~-" || reply === null) return',
  },
  {
    law: 32,
    bug: "a page of something else is taken for absence",
    file: answers,
    from: 'if (typeof answer !== "object" || answer === null) throw strangeAnswer(status);',
    to: 'if (typeof answer !== "object" || answer === null) return "~-";',
  },
  {
    law: 33,
    bug: "an error of the store has one code, whatever its word",
    file: errors,
    from: 'failure(reply.code, said, "not-applied")',
    to: 'failure("failed", said, "not-applied")',
  },
  {
    law: 34,
    bug: "a page of a gateway counts as a refusal",
    file: errors,
    from: "message, { cause });",
    to: 'message, { cause, outcome: "not-applied" });',
  },
  {
    law: 34,
    bug: "a connection that was cut counts as never opened",
    file: errors,
    from: '["ECONNREFUSED",',
    to: '["ECONNREFUSED", "ECONNRESET", "UND_ERR_SOCKET",',
  },
  {
    law: 35,
    bug: "what the server says is told as it is",
    file: errors,
    from: "safeCause({ message: said }, knownWords)",
    to: "new Error(said)",
  },
  {
    law: 35,
    bug: "only what stands in quotes is left out",
    file: errors,
    from: "safeCause({ message: said }, knownWords)",
    to: "new Error(said.replace(/(['\"`]).*\\1/s, ''))",
  },
  {
    law: 36,
    bug: "a request whose answer was lost is sent again",
    file: requests,
    from: "await fetch(url, request);",
    to: "await fetch(url, request).catch(() => fetch(url, request));",
  },
  {
    law: 36,
    bug: "a redirection is followed",
    file: requests,
    from: 'redirect: "manual"',
    to: 'redirect: "follow"',
  },
  {
    law: 39,
    bug: "the signal is that of no call",
    file: requests,
    from: "return await post(signal, command);",
    to: "return await post(new AbortController().signal, command);",
  },
  {
    law: 60,
    bug: "a reconnection asks nobody",
    file: adapter,
    from: "await pingConnections(requests.most, pingOnce, call.signal, clock);",
    to: "void [pingConnections, pingOnce];",
  },
  {
    law: 73,
    bug: "any answer is one to a ping",
    file: adapter,
    from: '!== "PONG"',
    to: "=== undefined",
  },
];

describe("a broken version is caught", () => {
  const copies = createMutants<Pick<UpstashSubject, "createUpstashHandler">>("upstash");
  afterAll(() => copies[Symbol.dispose]());

  ignoreUnhandledRejections();

  for (const mutant of mutants) {
    test(`${mutant.bug} (law ${mutant.law})`, async () => {
      const { createUpstashHandler } = await copies.load(mutant);
      // A server of its own: what a broken version leaves behind must not reach another one.
      await using server = await startUpstash();
      expect(await isCaught(mutant, casesOf(upstashLaws, { createUpstashHandler, server }))).toBe(true);
    });
  }

  test("there is one for each law", () => {
    expect(new Set(mutants.map(({ law }) => law))).toEqual(new Set(upstashLaws.map(({ law }) => law)));
  });
});
