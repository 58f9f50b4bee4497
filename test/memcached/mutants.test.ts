import { afterAll, describe, expect, test } from "vitest";
import { isCaught } from "../conformance/cases.ts";
import { createMutants, type Mutant } from "../laws/mutate.ts";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { type MemcachedSubject, memcachedCases, memcachedLaws } from "./laws.ts";

const folder = "adapters/memcached";

/** Broken versions of the adapter, one at least for each of these laws. */
const mutants: readonly Mutant[] = [
  {
    law: 7,
    bug: "a time to live is sent as it is",
    file: `${folder}/time-to-live.ts`,
    from: "const tickSeconds = 2;",
    to: "const tickSeconds = 0;",
  },
  {
    law: 7,
    bug: "more than 30 days are taken for a date",
    file: `${folder}/time-to-live.ts`,
    from: "Math.min(Math.floor(nowMs / 1000) + seconds, lastDate)",
    to: "Math.min(seconds, lastDate)",
  },
  {
    law: 20,
    bug: "a creating write replaces",
    file: `${folder}/requests.ts`,
    from: "opcode: opcodes.add, key",
    to: "opcode: opcodes.set, key",
  },
  {
    law: 23,
    bug: "a token is trusted wherever it comes from",
    file: `${folder}/changes.ts`,
    from: "wanted.generation === connection.generation",
    to: "wanted.generation !== ''",
  },
  {
    law: 23,
    bug: "what is there is not compared with what was read",
    file: `${folder}/changes.ts`,
    from: "if (state?.content !== wanted.content)",
    to: "if (!state)",
  },
  {
    law: 19,
    bug: "a version is of no use after a reconnect",
    file: `${folder}/changes.ts`,
    from: "if (state?.content !== wanted.content)",
    to: "if (state?.generation !== wanted.generation)",
  },
  {
    law: 28,
    bug: "the length of a key is counted in characters",
    file: `${folder}/keys.ts`,
    from: "Buffer.byteLength(key) <= mostBytes",
    to: "key.length <= mostBytes",
  },
  {
    law: 28,
    bug: "a key that looks like a digest is that digest",
    file: `${folder}/keys.ts`,
    from: " && !key.startsWith(marker)",
    to: "",
  },
  {
    law: 21,
    bug: "a token of zeros is taken for one",
    file: `${folder}/reply-forms.ts`,
    from: "reply.extras.length === 4 && hasToken(reply) && bytes",
    to: "reply.extras.length === 4 && bytes",
  },
  {
    law: 26,
    bug: "the key that a reply names is not looked at",
    file: `${folder}/reply-forms.ts`,
    from: "reply.extras.length === 4 && hasToken(reply) && bytes.equals(reply.key);",
    to: "reply.extras.length === 4 && hasToken(reply);",
  },
  {
    law: 26,
    bug: "a reply counts whatever comes behind it",
    file: `${folder}/connection.ts`,
    from: "await Promise.all([this.request(request), this.request(noop)]);",
    to: "await Promise.all([this.request(request), noop]);",
  },
  {
    law: 26,
    bug: "replies may come in any order",
    file: `${folder}/connection.ts`,
    from: "opaque !== this.#awaited || ",
    to: "",
  },
  {
    law: 32,
    bug: "absence is told by the status alone",
    file: `${folder}/reply-forms.ts`,
    from: "return reply.extras.length === 0 && reply.val.length === 0 && !hasToken(reply) && bytes",
    to: "return bytes",
  },
  {
    law: 34,
    bug: "a refusal needs no reason",
    file: `${folder}/reply-forms.ts`,
    from: "reply.extras.length === 0 && reply.val.length > 0 && !hasToken",
    to: "reply.extras.length === 0 && !hasToken",
  },
  {
    law: 31,
    bug: "the size is left to the server",
    file: `${folder}/limits.ts`,
    from: "if (data.byteLength <= mostBytes) return;",
    to: "if (data.byteLength <= 2 * mostBytes) return;",
  },
  {
    law: 35,
    bug: "the words of a refusal are told",
    file: `${folder}/errors.ts`,
    from: "export function refusal({ header: { status = 0, opcode } }: Response): SessionError {",
    to: "export function refusal({ header: { status = 0, opcode }, val }: Response): SessionError {\n  throw new SessionError('failed', String(val));",
  },
  {
    law: 35,
    bug: "text that is no reply is told",
    file: `${folder}/replies.ts`,
    from: `'The Memcached server does not speak the binary protocol ("-B ascii"?).'`,
    to: "text",
  },
  {
    law: 36,
    bug: "a request whose reply was lost is sent again",
    file: `${folder}/handler.ts`,
    from: "      const reply = await call.send(() => connection.request(touch(key, expiration(ttlSeconds))));",
    to: "      const request = touch(key, expiration(ttlSeconds));\n      const again = async () => (await connections.open(key, call)).request(request);\n      const reply = await call.send(() => connection.request(request).catch(again));",
  },
  {
    law: 37,
    bug: "a connection that is replaced goes on",
    file: `${folder}/link.ts`,
    from: "    this.#current?.giveUp(",
    to: "    if (!this.#current?.connection.isOpen) this.#current?.giveUp(",
  },
  {
    law: 38,
    bug: "what is under way on a closed connection is forgotten",
    file: `${folder}/connection.ts`,
    from: "    for (const { reject } of this.#pending.values()) reject(reason);\n",
    to: "",
  },
  {
    law: 3,
    bug: "what is left of a connection is kept for the next",
    file: `${folder}/connection.ts`,
    from: "this.#replies = new ReplyReader(codec);",
    to: "this.#replies = (MemcachedConnection as { kept?: ReplyReader }).kept ??= new ReplyReader(codec);",
  },
  {
    law: 44,
    bug: "the numbers of requests do not wrap around",
    file: `${folder}/connection.ts`,
    from: "(sequence % largestSequence) + 1",
    to: "sequence + 1",
  },
  {
    law: 69,
    bug: "the connection is left open",
    file: `${folder}/link.ts`,
    from: "    this.#current?.connection.destroy(closed());\n",
    to: "",
  },
  {
    law: 67,
    bug: "a reconnection that is given up ends for everybody",
    file: `${folder}/opening.ts`,
    from: "this.#renewals === 0 && !this.#isAwaited",
    to: "this.#renewals === 0",
  },
  {
    law: 67,
    bug: "what is replaced fails for those who wait for it",
    file: `${folder}/link.ts`,
    from: 'opening.ending === "replaced" || ',
    to: "",
  },
  {
    law: 67,
    bug: "the time of the first is that of all",
    file: `${folder}/link.ts`,
    from: ' || (opening.ending === "too late" && found !== undefined)',
    to: "",
  },
  {
    law: 38,
    bug: "an attempt never grows too old",
    file: `${folder}/link.ts`,
    from: "this.#clock.monotonic() - opening.begunMs >= this.#timeoutMs",
    to: "opening.begunMs === Number.POSITIVE_INFINITY",
  },
  {
    law: 73,
    bug: "tokens are taken for granted",
    file: `${folder}/limits.ts`,
    from: 'comparesTokens: settings.get("cas_enabled") !== "no"',
    to: 'comparesTokens: settings.get("cas_enabled") !== ""',
  },
];

describe("a broken version is caught", () => {
  const copies = createMutants<MemcachedSubject>("memcached");
  afterAll(() => copies[Symbol.dispose]());

  ignoreUnhandledRejections();

  for (const mutant of mutants) {
    test(`${mutant.bug} (law ${mutant.law})`, async () => {
      const subject = await copies.load(mutant);
      expect(await isCaught(mutant, memcachedCases(subject))).toBe(true);
    });
  }

  test("there is one for each law", () => {
    const broken = new Set(mutants.map(({ law }) => law));
    expect(memcachedLaws.filter(({ law }) => !broken.has(law))).toEqual([]);
  });
});
