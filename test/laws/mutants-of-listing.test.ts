import { withConnectionCheck, withTimeout } from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import type { ConformanceCase } from "sessionwire/testing";
import { afterAll, describe, expect, test } from "vitest";
import { checksOf } from "./cases.ts";
import type { Subject } from "./law.ts";
import { createMutants, type Mutant } from "./mutate.ts";
import { ignoreUnhandledRejections } from "./unhandled.ts";
import { isRefuted } from "./within.ts";

const subject: Subject = { createGuardedHandler, withConnectionCheck, withTimeout, createMemoryHandler };

const laws = [...new Set(listCases(subject).map(({ name }) => name.replace(" (law 112)", "")))];

const page = "adapters/memory/page.ts";
const map = "adapters/memory/sharded-map.ts";
const guard = "src/backend/guarded-handler.ts";
const checks = "src/backend/checks.ts";
const decorate = "src/decorators/decorate.ts";
const operation = "src/decorators/operation.ts";
const check = "src/decorators/connection-check.ts";

/** Broken versions, and the law that each of them must break. */
const mutants: readonly (Omit<Mutant, "law"> & { readonly breaks: string })[] = [
  {
    breaks: "every session is listed once all pages are read, by its id and nothing else",
    bug: "the last one that a page has looked at is not in it",
    file: page,
    from: "    if (!isExpired(entry)) keys.push(entry.key);",
    to: "    if (!isExpired(entry) && looked < LOOKED_AT) keys.push(entry.key);",
  },
  {
    breaks: "every session is listed once all pages are read, by its id and nothing else",
    bug: "each shard goes on where the one before was left",
    file: map,
    from: "if (shard > place.shard || value.order > place.order) yield",
    to: "if (value.order > place.order) yield",
  },
  {
    breaks: "with a prefix, just the ids that begin with it are listed, whatever it is",
    bug: "the prefix of the ids is not looked at",
    file: guard,
    from: 'const keyPrefix = prefix + (options?.prefix ?? "");',
    to: "const keyPrefix = prefix;",
  },
  {
    breaks: "what was destroyed or has expired is not listed",
    bug: "expired sessions are listed",
    file: page,
    from: "if (!isExpired(entry)) keys",
    to: "if (isExpired !== undefined) keys",
  },
  {
    breaks: "what is there during the whole listing is listed, whatever comes, goes and is used between the pages",
    bug: "a cursor counts what it has passed in a shard",
    file: map,
    from: "      for (const value of this.#shards[shard]?.values() ?? []) {\n        if (shard > place.shard || value.order > place.order) yield [{ shard, order: value.order }, value];",
    to: "      for (const [at, value] of [...(this.#shards[shard]?.values() ?? [])].entries()) {\n        if (shard > place.shard || at >= place.order) yield [{ shard, order: at + 1 }, value];",
  },
  {
    breaks: "arguments that are no prefix, cursor, signal or options of a listing are refused",
    bug: "an empty cursor begins anew",
    file: checks,
    from: '(typeof cursor === "string" && cursor !== "")',
    to: 'typeof cursor === "string"',
  },
  {
    breaks: "arguments that are no prefix, cursor, signal or options of a listing are refused",
    bug: "a misspelled option is without effect",
    file: checks,
    from: '  checkOptionNames("list", options, ["prefix", "cursor", "signal", "cancellation"]);\n',
    to: "",
  },
  {
    breaks: "a cursor that no page of the memory has given is refused",
    bug: "any cursor begins somewhere",
    file: page,
    from: "  if (shard === undefined) throw",
    to: "  if (cursor === undefined) throw",
  },
  {
    breaks: "a guarded handler can list just when its backend can, and can ping as well if that can",
    bug: "every guarded handler claims to list",
    file: guard,
    from: "const listing = isListing(backend) ? listMethod(backend, prefix, calls) : {};",
    to: "const listing = listMethod(backend as never, prefix, calls);",
  },
  {
    breaks: "the backend is asked for keys with both prefixes, and whatever else it answers is left out",
    bug: "what the backend answers is believed",
    file: guard,
    from: "keys.filter((key) => key.startsWith(keyPrefix)).map(",
    to: "keys.map(",
  },
  {
    breaks: "the backend is asked for keys with both prefixes, and whatever else it answers is left out",
    bug: "keys that are no ids are listed",
    file: guard,
    from: "return { ids: ids.filter(isId), next };",
    to: "return { ids, next };",
  },
  {
    breaks: "wrong arguments are refused before the backend hears of them",
    bug: "the guard leaves the arguments to the backend",
    file: guard,
    from: "      checkList(options);\n",
    to: "",
  },
  {
    breaks: "wrong arguments are refused before a check hears of them",
    bug: "a decorator leaves the arguments to the handler inside",
    file: decorate,
    from: "        checkList(options);\n",
    to: "",
  },
  {
    breaks: "a listing settles by the deadline, the signal or close",
    bug: "a listing is not run as a call",
    file: guard,
    from: "      return calls.run(false, cancelSourceOf(options), async (call) => {\n        const { keys, next } = await backend.list(keyPrefix, cursor, call);",
    to: "      return (async () => {\n        const { keys, next } = await backend.list(keyPrefix, cursor, undefined as never);",
  },
  {
    breaks: "a decorated handler can ping, reconnect, name connections and list just when the one inside can",
    bug: "every decorated handler claims to list",
    file: decorate,
    from: "    if (!list) return {};\n",
    to: "",
  },
  {
    breaks: "a listing is passed on once with its prefix and its cursor, and its page comes out as it is",
    bug: "a decorated handler forgets to list",
    file: decorate,
    from: "Object.assign(decorated, limit, connectionMethods(), listMethod())",
    to: "Object.assign(decorated, limit, connectionMethods())",
  },
  {
    breaks: "a listing is passed on once with its prefix and its cursor, and its page comes out as it is",
    bug: "the options are lost on the way",
    file: decorate,
    from: "list.call(inner, passed)",
    to: "list.call(inner, passed?.cancellation && {})",
  },
  {
    breaks:
      "an error of the package passes a decorated listing unchanged, a foreign one is wrapped, both without an outcome",
    bug: "a listing counts as a change",
    file: operation,
    from: 'return this.kind !== "read" && this.kind !== "list";',
    to: 'return this.kind !== "read";',
  },
  {
    breaks:
      "a connection that has been idle is checked before a listing, and one on which a listing has failed before anything",
    bug: "a listing has a connection of its own",
    file: check,
    from: "operation.id === undefined ? undefined : handler",
    to: 'operation.id === undefined ? "list" : handler',
  },
  {
    breaks: "of several connections, those that are known are checked before a listing each for itself, and then all",
    bug: "the known connections are not checked for themselves",
    file: check,
    from: "      if (operation.id === undefined && handler.connectionOf) await checkEachKnown();\n",
    to: "",
  },
  {
    breaks: "of several connections, those that are known are checked before a listing each for itself, and then all",
    bug: "connections that need no check are checked as well",
    file: check,
    from: "connection !== undefined && isCheckDue(state));",
    to: "connection !== undefined);",
  },
  {
    breaks: "after all connections were replaced for a listing, none of them is checked for itself",
    bug: "that all were replaced is not noted of each",
    file: check,
    from: "        for (const renewed of statesOf(connection)) renewed.renew();\n",
    to: "        state.renew();\n",
  },
  {
    breaks: "what the caller changes while his listing is waiting for a check has no effect",
    bug: "the options are read after the check",
    file: operation,
    from: "this.#options = this.#options && { ...this.#options };",
    to: "",
  },
];

describe("a broken version is caught", () => {
  const copies = createMutants();
  afterAll(() => copies[Symbol.dispose]());

  ignoreUnhandledRejections();

  test.each(mutants)("$bug", async (mutant) => {
    const subject = await copies.load({ ...mutant, law: 0 });
    const cases = checksOf(subject).filter(({ name }) => name.startsWith(`${mutant.breaks} (law`));
    let isCaught = false;
    for (const { run } of cases) isCaught ||= await isRefuted(run);
    expect(isCaught).toBe(true);
  });

  test("there is one for each law but those that others make", () => {
    const broken = new Set(mutants.map(({ breaks }) => breaks));
    expect(laws.filter((says) => !broken.has(says))).toEqual([
      "all may be destroyed page by page",
      "listing changes neither data nor version nor expiry",
      "a cursor may be used again, and what it leads to is the rest",
      "a cursor that no page has given is refused with code failed, or begins somewhere",
      "a listing that was aborted beforehand, or comes after the close, is refused",
    ]);
  });
});

function listCases(parts: Subject): ConformanceCase[] {
  return checksOf(parts).filter(({ law }) => law === 112);
}
