import { safeCause } from "sessionwire/backend";
import { describe, expect, test } from "vitest";
import { everythingIn } from "../../laws/secrets.ts";

const known = ["ReplyError", "ERR", "OOM", "OOM command not allowed", "Connection is closed."];

describe("of an error, only known parts are kept (law 35):", () => {
  const secret = "SECRET";
  test.each<[string, unknown]>([
    ["a message that repeats it", new Error(`ERR failed on ${secret}`)],
    ["a message that quotes it", new Error(`ERR failed on '${secret}'`)],
    ["a message that looks like a stack", new Error(`ERR\n    at ${secret} (${secret}:1:1)`)],
    ["a name", Object.assign(new Error("ERR"), { name: secret })],
    ["a code", Object.assign(new Error("ERR"), { code: secret })],
    ["a system call, and an address", systemError({ syscall: secret, address: secret, port: secret })],
    ["the name of a host", systemError({ hostname: secret, address: `${secret}.example` })],
    ["an address that is none", systemError({ address: `${secret}:a:b` })],
    ["a property", Object.assign(new Error("ERR"), { command: { args: [secret] }, [secret]: 1 })],
    ["a cause", new Error("ERR", { cause: new Error(secret, { cause: secret }) })],
    ["several errors", new AggregateError([new Error(secret), secret, undefined], secret)],
    ["a text", secret],
    ["an object", { message: secret, stack: secret, name: secret, code: secret }],
    ["a class of its own", new (class extends Error {})(secret)],
  ])("%s", (_, error) => {
    expect(everythingIn(error)).toContain(secret);
    expect(everythingIn(safeCause(error, known))).not.toContain(secret);
  });
});

describe("known parts are kept:", () => {
  test.each<[string, unknown, object]>([
    ["words, in their order", reply("ERR at f_1: -OOM of 3"), { name: "ReplyError", message: "ERR … OOM …" }],
    ["the longest words", reply("OOM command not allowed when used"), { message: "OOM command not allowed …" }],
    ["a whole message", new Error("Connection is closed."), { name: "Error", message: "Connection is closed." }],
    ["no part of a word", reply("TERROR ROOM"), { message: "The message is unknown and left out." }],
    [
      "the failure of a connection",
      systemError({ syscall: "connect", address: "10.1.2.3", port: 6379 }),
      { message: "connect ECONNREFUSED 10.1.2.3:6379", code: "ECONNREFUSED" },
    ],
    [
      "an address of IPv6",
      systemError({ syscall: "connect", address: "fe80::1", port: 1 }),
      { message: "connect ECONNREFUSED fe80::1:1" },
    ],
    [
      "what it holds",
      new TypeError("fetch failed", { cause: systemError({}) }),
      { name: "TypeError", message: "ECONNREFUSED", code: "ECONNREFUSED" },
    ],
    [
      "each of several failures",
      new AggregateError([systemError({ address: "::1", port: 1 }), systemError({ address: "127.0.0.1", port: 1 })]),
      { name: "AggregateError", message: "ECONNREFUSED ::1:1; ECONNREFUSED 127.0.0.1:1" },
    ],
    ["that there was nothing", undefined, { name: "Error", message: "The message is unknown and left out." }],
  ])("%s", (_, error, expected) => {
    const cause = safeCause(error, known);
    expect(cause).toBeInstanceOf(Error);
    expect(cause).toMatchObject(expected);
  });

  test("the stack, which leads to the place", () => {
    const error = failSomewhere();
    const { stack } = safeCause(error);
    expect(stack).toMatch(/^RangeError: The message is unknown and left out\.\n {4}at failSomewhere /);
    expect(stack?.split("\n").slice(1)).toEqual(error.stack?.split("\n").slice(1));
  });

  test("an error that contains itself ends", () => {
    const error = reply("OOM");
    error.cause = new AggregateError([error, error]);
    expect(safeCause(error, known).message).toBe("OOM");
  });
});

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: "ReplyError" });
}

function systemError(properties: object): Error {
  return Object.assign(new Error("of the system, in SECRET words"), { code: "ECONNREFUSED", ...properties });
}

function failSomewhere(): Error {
  return new RangeError("somewhere");
}
