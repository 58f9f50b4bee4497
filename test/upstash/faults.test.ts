import { inspect } from "node:util";
import { Redis } from "@upstash/redis";
import { type NetworkedSessionHandler, type Outcome, type SessionErrorCode, withConnectionCheck } from "sessionwire";
import { startFaultProxy } from "sessionwire/testing";
import { createUpstashHandler } from "sessionwire/upstash";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, create, freshId, textOf } from "../redis/session-data.ts";
import { failureOf, isPendingAfter, rejectionOf, timed } from "../redis/settling.ts";
import { startUpstash, type UpstashFault, type UpstashServer } from "../servers/upstash-server.ts";

expectNoEscapes();

let server: UpstashServer;
let handler: NetworkedSessionHandler;
beforeAll(async () => {
  server = await startUpstash();
  handler = createUpstashHandler(server, { timeoutMs: 500 });
});
afterAll(async () => {
  await handler.close();
  await server.stop();
});

describe("the bare client", () => {
  const bare = () => ({ url: server.url, token: server.token });

  test("takes a request that was aborted for a session that is not there", async () => {
    const abortion = new AbortController();
    const client = new Redis({ ...bare(), signal: abortion.signal, enableAutoPipelining: false });
    await server.redis.command("set", "bare", "there");
    server.requests.length = 0;
    server.next("no answer");
    const reading = client.get("bare");
    await expect.poll(() => server.requests).toHaveLength(1);
    abortion.abort();
    expect(await reading).toBeNull();
  });

  test("executes once more what has been executed", async () => {
    const client = new Redis(bare());
    server.next("cut after executing");
    await client.incr("counter");
    expect(await server.redis.command("get", "counter")).toBe("2");
  });

  test("waits for ever where there is no answer", async () => {
    server.next("no answer");
    expect(await isPendingAfter(1500, new Redis(bare()).get("bare"))).toBe(true);
  });

  test("quotes the session in its errors", async () => {
    await server.redis.command("rpush", "list", "x");
    const error = await rejectionOf(
      new Redis({ ...bare(), enableAutoPipelining: false }).getset("list", "what is in the session"),
    );
    expect(String(error)).toContain("what is in the session");
  });
});

const ok = (body: string) => ({ status: 200, body, executes: true });

/** What is answered, and what a write makes of it. */
const faults: readonly [string, UpstashFault, SessionErrorCode, Outcome][] = [
  [
    "a limit of requests",
    { status: 429, body: '{"error":"ERR max requests limit exceeded. Limit: 500000"}' },
    "overloaded",
    "not-applied",
  ],
  ["an error of the service", { status: 500, body: '{"error":"internal"}' }, "unavailable", "unknown"],
  ["a page of a gateway", { status: 502, body: "<html>Bad Gateway</html>" }, "unavailable", "unknown"],
  ["a page where an answer should be", ok("<html>Sign in to the hotel</html>"), "unavailable", "unknown"],
  ["garbage", ok('{"result":'), "unavailable", "unknown"],
  ["nothing at all", ok(""), "unavailable", "unknown"],
  ["an answer without a result", ok("{}"), "unavailable", "unknown"],
  ["null", ok('{"result":null}'), "unavailable", "unknown"],
  ["null alone", ok("null"), "unavailable", "unknown"],
  ["a number", ok('{"result":1}'), "unavailable", "unknown"],
  ["OK", ok('{"result":"OK"}'), "unavailable", "unknown"],
  ["a list", ok('{"result":["KzE="]}'), "unavailable", "unknown"],
  ["half of an answer", ok(`{"result":"${btoa(`+${"0".repeat(40)}`)}"}`), "unavailable", "unknown"],
  ["a connection cut before anything is done", "cut before executing", "unavailable", "unknown"],
  ["a connection cut after everything is done", "cut after executing", "unavailable", "unknown"],
  ["a connection cut in the middle of the answer", "cut in the middle of the answer", "unavailable", "unknown"],
  ["no answer", "no answer", "timeout", "unknown"],
];

describe.each(faults)("%s", (_, fault, code, outcome) => {
  test(`is ${code} for each operation, sent once, and forgotten by the next one (laws 32 to 36)`, async () => {
    const { id, version } = await create(handler);
    const fresh = freshId();
    const operations: [() => Promise<unknown>, Outcome | undefined][] = [
      [() => handler.read(id), undefined],
      [() => handler.write(fresh, bytes("secret data"), { replaces: undefined, ttlSeconds: 60 }), outcome],
      [() => handler.touch(id, 60), outcome],
      [() => handler.destroy(fresh, { replaces: version }), outcome],
      [() => handler.ping(), undefined],
    ];
    for (const [operation, expected] of operations) {
      server.requests.length = 0;
      server.next(fault);
      const error = await failureOf(operation());
      expect({ code: error.code, outcome: expected && error.outcome }).toEqual({ code, outcome: expected });
      expect(server.requests).toHaveLength(1);
      const everything = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error) + String(error.stack);
      for (const secret of [id, fresh, "secret data", server.token]) expect(everything).not.toContain(secret);
      expect(textOf(await handler.read(id))).toBe("first");
    }
  });
});

test("a wrong token is unauthorized, and is not in the error", async () => {
  await using wrong = createUpstashHandler({ url: server.url, token: "wrong-token" });
  const error = await failureOf(wrong.touch("a", 60));
  expect(error).toMatchObject({ code: "unauthorized", outcome: "not-applied" });
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("wrong-token");
});

test("what is no session is corrupt and stays as it is (law 43)", async () => {
  const id = freshId();
  await server.redis.command("rpush", id, "x");
  await expect(handler.read(id)).rejects.toMatchObject({ code: "corrupt" });
  const writing = handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds: 60 });
  await expect(writing).rejects.toMatchObject({ code: "corrupt", outcome: "not-applied" });
  expect(await server.redis.command("llen", id)).toBe(1);
});

test("a full database is overloaded, and nothing is written", async () => {
  const { id, version } = await create(handler);
  await server.redis.command("config", "set", "maxmemory", "1");
  const writing = handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
  await expect(writing).rejects.toMatchObject({ code: "overloaded", outcome: "not-applied" });
  await server.redis.command("config", "set", "maxmemory", "0");
  expect(textOf(await handler.read(id))).toBe("first");
});

test("nobody there is unavailable, and certainly not applied", async () => {
  const closed = await startFaultProxy({ port: server.port });
  await closed.close();
  await using lost = createUpstashHandler({ url: `http://127.0.0.1:${closed.port}`, token: "t" });
  await expect(lost.touch("a", 60)).rejects.toMatchObject({ code: "unavailable", outcome: "not-applied" });
  await using nowhere = createUpstashHandler({ url: "http://user:pass@host.invalid", token: "t" });
  expect(inspect(await failureOf(nowhere.read("a")), { depth: 10 })).not.toContain("pass");
});

describe("an abort", () => {
  test("beforehand sends nothing (law 39)", async () => {
    server.requests.length = 0;
    const signal = AbortSignal.abort();
    await expect(handler.touch("a", 60, { signal })).rejects.toMatchObject({ code: "aborted", outcome: "not-applied" });
    expect(server.requests).toHaveLength(0);
  });

  test("on the way ends the request of this call, and of no other", async () => {
    const { id } = await create(handler);
    const abortion = new AbortController();
    server.requests.length = 0;
    server.next("no answer");
    const aborted = handler.read(id, { signal: abortion.signal });
    await expect.poll(() => server.requests).toHaveLength(1);
    const other = handler.read(id);
    abortion.abort();
    await expect(aborted).rejects.toMatchObject({ code: "aborted" });
    expect(textOf(await other)).toBe("first");
  });

  test("afterwards changes nothing", async () => {
    const { id } = await create(handler);
    const abortion = new AbortController();
    expect(await handler.touch(id, 60, { signal: abortion.signal })).toBe(true);
    abortion.abort();
    expect(textOf(await handler.read(id))).toBe("first");
  });
});

test("closing ends what is under way, requests included (law 40)", async () => {
  const closing = createUpstashHandler(server);
  server.requests.length = 0;
  server.next("no answer");
  const reading = failureOf(closing.read("a"));
  await expect.poll(() => server.requests).toHaveLength(1);
  await closing.close();
  expect(await reading).toMatchObject({ code: "closed" });
});

test("connections that have gone silent cost a call its deadline each, and the check replaces them (laws 38 and 60)", async () => {
  await using proxy = await startFaultProxy({ port: server.port });
  const address = { url: `http://127.0.0.1:${proxy.port}`, token: server.token };
  const limits = { everySeconds: 0.2, pingTimeoutMs: 200, reconnectTimeoutMs: 1000 };
  await using checked = withConnectionCheck(createUpstashHandler(address, { timeoutMs: 500 }), limits);
  const { id } = await create(checked);
  proxy.silence();
  await new Promise((resolve) => setTimeout(resolve, 220)); // long enough for the connection to count as idle
  const answered = await timed(checked.read(id));
  expect(textOf(answered.value)).toBe("first");
  expect(answered.ms).toBeLessThan(700);
});
