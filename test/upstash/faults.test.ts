import type { SessionError, SessionErrorCode } from "sessionwire";
import { createUpstashHandler } from "sessionwire/upstash";
import { describe, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, create, freshId, textOf } from "../redis/session-data.ts";
import { failureOf } from "../redis/settling.ts";
import { upstashAnswers } from "../servers/upstash-server.ts";
import { operationsOn } from "./operations.ts";
import { openBareUpstash, openScene } from "./scene.ts";

expectNoEscapes();

const { server, source, handler } = await openScene();

describe("the bare client", () => {
  test("sends an increment with a lost answer again even with `retry: false`, so that it counts twice", async () => {
    const id = freshId();
    server.next("cut after");
    expect(await openBareUpstash(source, { retry: false }).incr(id)).toBe(2);
  });

  test("takes a foreign answer for absence", async () => {
    const { id } = await create(handler);
    const bare = openBareUpstash(source, { enableAutoPipelining: false });
    for (const name of ["a null result", "an object"] as const) {
      server.next(upstashAnswers[name]);
      expect(await bare.get(id), name).toBeNull();
    }
  });

  test("reads a session with the text null as absence", async () => {
    const { id } = await create(handler, "null");
    expect(await openBareUpstash(source).get(id)).toBeNull();
    expect(textOf(await handler.read(id))).toBe("null");
  });
});

test("the time for which the service asks stands in the error, in milliseconds", async () => {
  const limited = upstashAnswers["too many requests"];
  const waits: readonly (readonly [header: string | undefined, earliest: number | undefined, latest?: number])[] = [
    ["7", 7000],
    ["0", 0],
    [new Date(Date.now() + 3_600_000).toUTCString(), 3_500_000, 3_600_000],
    [new Date(0).toUTCString(), 0],
    ["soon", undefined],
    [undefined, undefined],
  ];
  for (const [header, earliest, latest = earliest] of waits) {
    for (const answer of [limited, upstashAnswers["unavailable page"]]) {
      server.next(header === undefined ? answer : { ...answer, headers: { "retry-after": header } });
      const { retryAfterMs } = (await failureOf(handler.read(freshId()))) as SessionError; // as the server says no
      if (earliest === undefined) expect(retryAfterMs).toBeUndefined();
      else expect(retryAfterMs).toSatisfy((ms: number) => ms >= earliest && ms <= Number(latest));
    }
  }
});

type Expected = readonly [code: SessionErrorCode, outcome: "not-applied" | "unknown"];

const faults = { ...upstashAnswers, "a connection that is cut before": "cut before" } as const;

const expectations: Record<keyof typeof faults, Expected> = {
  unauthorized: ["unauthorized", "not-applied"],
  forbidden: ["unauthorized", "not-applied"],
  "too many requests": ["overloaded", "not-applied"],
  "daily limit": ["overloaded", "not-applied"],
  "request too large": ["too-large", "not-applied"],
  "internal error": ["unavailable", "unknown"],
  "internal error of the store": ["unavailable", "unknown"],
  "unavailable page": ["unavailable", "unknown"],
  "bad gateway": ["unavailable", "unknown"],
  "gateway timeout": ["unavailable", "unknown"],
  "refusal page": ["unauthorized", "unknown"],
  "limit page": ["overloaded", "unknown"],
  "login page": ["unavailable", "unknown"],
  garbage: ["unavailable", "unknown"],
  empty: ["unavailable", "unknown"],
  "no result": ["unavailable", "unknown"],
  "a null": ["unavailable", "unknown"],
  "a null result": ["unavailable", "unknown"],
  "an OK": ["unavailable", "unknown"],
  "a number": ["unavailable", "unknown"],
  "another text": ["unavailable", "unknown"],
  "an object": ["unavailable", "unknown"],
  "an empty list": ["unavailable", "unknown"],
  "a list of too many": ["unavailable", "unknown"],
  "a list of nulls": ["unavailable", "unknown"],
  "a list of what has no result": ["unavailable", "unknown"],
  "a list of numbers": ["unavailable", "unknown"],
  "a list of objects": ["unavailable", "unknown"],
  "a list with another status": ["unavailable", "unknown"],
  "a connection that is cut before": ["unavailable", "unknown"],
};

describe("an invalid answer is a failure, never an absent session, and the next operation works (laws 32, 33 and 34):", () => {
  test.each(Object.entries(expectations))("%s", async (name, [code, outcome]) => {
    const { id, version } = await create(handler);
    for (const { run, changes, name: operation } of operationsOn(id, version)) {
      const before = server.requests.length;
      server.next(faults[name as keyof typeof faults]); // the keys of a record are texts to TypeScript
      const error = await failureOf(run(handler));
      expect(error.code, operation).toBe(code);
      if (changes) expect(error.outcome, operation).toBe(outcome);
      expect(server.requests.length - before, operation).toBe(1);
      expect(textOf(await handler.read(id)), operation).toBe("first");
    }
  });
});

test("a wrong token is unauthorized", async () => {
  await using refused = createUpstashHandler({ ...source, token: "wrong" });
  expect(await failureOf(refused.read("a"))).toMatchObject({ code: "unauthorized" });
  expect(await failureOf(refused.ping())).toMatchObject({ code: "unauthorized" });
});

test("foreign data is corrupt, and stays unchanged (law 43)", async () => {
  const id = freshId();
  await server.redis.command("HSET", id, "field", "value");
  for (const { run, changes, name } of operationsOn(id, undefined)) {
    if (["list", "touch", "destroy if", "destroy"].includes(name)) continue;
    const error = await failureOf(run(handler));
    expect(error.code, name).toBe("corrupt");
    if (changes) expect(error.outcome, name).toBe("not-applied");
  }
  expect(await server.redis.command("HGETALL", id)).toEqual(["field", "value"]);
});

test("a full store refuses a write and changes nothing, and a ping to it is answered (law 73)", async () => {
  const { id, version } = await create(handler);
  await server.redis.command("CONFIG", "SET", "maxmemory", "1");
  const write = handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
  expect(await failureOf(write)).toMatchObject({ code: "overloaded", outcome: "not-applied" });
  server.next(upstashAnswers["daily limit"]);
  await handler.ping();
  await server.redis.command("CONFIG", "SET", "maxmemory", "0");
  expect(textOf(await handler.read(id))).toBe("first");
});
