import { inspect } from "node:util";
import { SessionError, type SessionHandler, type Version } from "sessionwire";
import { type DecoratorHooks, decorateHandler } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { createVirtualClock, defineCases, handlerCases, rejects, settled } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { bytes, textOf } from "../redis/session-data.ts";
import { handlerWith, watch } from "./stand-ins.ts";

const creation = { replaces: undefined, ttlSeconds: 60 };
const version = "a version" as Version; // nobody makes anything of it

/** Turns every bit over and puts four bytes in front, in another turn of the event loop. */
const inverting: DecoratorHooks = {
  async encode(data) {
    await undefined;
    return Uint8Array.from([1, 2, 3, 4, ...data.map((byte) => ~byte)]);
  },
  async decode(data) {
    await undefined;
    return data.slice(4).map((byte) => ~byte);
  },
};

/** Puts the id before the data, and takes it away again. */
const binding: DecoratorHooks = {
  encode: (data, { id }) => Uint8Array.from([...bytes(`${id}:`), ...data]),
  decode(data, { id }) {
    const [begin, length] = [bytes(`${id}:`), bytes(`${id}:`).length];
    if (begin.some((byte, place) => data[place] !== byte)) throw new Error(`SECRET ${textOf({ data, version })}`);
    return data.slice(length);
  },
};

function around<H extends SessionHandler>(inner: H, hooks: DecoratorHooks) {
  return { inner, outer: decorateHandler(inner, hooks) };
}

const clock = createVirtualClock();
const maxBytes = 2000;
defineCases(
  "a decorator that changes the bytes keeps the laws of a handler",
  handlerCases({
    create: () => decorateHandler(createMemoryHandler({ clock, maxBytes: maxBytes + 4 }), { ...inverting, maxBytes }),
    advance: clock.advance,
    maxBytes,
  }),
  { describe, it: test },
);

test("the handler inside stores the encoded bytes, and its versions are those outside", async () => {
  const { inner, outer } = around(createMemoryHandler(), binding);
  const written = await outer.write("a", bytes("data"), creation);
  const [inside, outside] = [await inner.read("a"), await outer.read("a")];
  expect([textOf(inside), textOf(outside)]).toEqual(["a:data", "data"]);
  expect(written).toEqual({ written: true, version: inside?.version });
  expect(outside?.version).toBe(inside?.version);
});

test("the current state in a refused write or destroy is decoded as well", async () => {
  const { outer } = around(createMemoryHandler(), binding);
  await outer.write("a", bytes("data"), creation);
  const write = await outer.write("a", bytes("other"), creation);
  const destroy = await outer.destroy("a", { replaces: version });
  expect(write.written ? undefined : textOf(write.current)).toBe("data");
  expect(destroy.destroyed ? undefined : textOf(destroy.current)).toBe("data");
  expect(await outer.write("b", bytes("other"), { replaces: version, ttlSeconds: 60 })).toEqual({
    written: false,
    current: undefined,
  });
});

describe("a failure to decode", () => {
  test("is corrupt, and no error contains the bytes", async () => {
    const { inner, outer } = around(createMemoryHandler(), binding);
    await inner.write("a", bytes("of another id:data"), creation);
    const errors = [
      await rejects(outer.read("a"), "corrupt", undefined),
      await rejects(outer.write("a", bytes("other"), creation), "corrupt", "not-applied"),
      await rejects(outer.destroy("a", { replaces: version }), "corrupt", "not-applied"),
    ];
    for (const error of errors) expect(inspect(error, { depth: 5, showHidden: true })).not.toMatch(/SECRET|of another/);
    expect(textOf(await inner.read("a"))).toBe("of another id:data");
  });

  test("has the code given by the decorator", async () => {
    const decode = () => Promise.reject(new SessionError("unavailable", "There is no key.", { outcome: "unknown" }));
    const { outer } = around(createMemoryHandler(), { decode });
    await outer.write("a", bytes("data"), creation);
    await rejects(outer.read("a"), "unavailable", "unknown");
    await rejects(outer.write("a", bytes("other"), creation), "unavailable", "not-applied");
  });

  test("includes a result that is not a Uint8Array", async () => {
    const { outer } = around(createMemoryHandler(), { decode: () => "text" as never });
    await outer.write("a", bytes("data"), creation);
    await rejects(outer.read("a"), "corrupt");
  });
});

describe("a failure to encode", () => {
  test("writes nothing, and no error contains the bytes", async () => {
    const failures = [
      () => {
        throw new Error("SECRET");
      },
      () => Promise.reject(new Error("SECRET")),
      () => "SECRET" as never,
      () => undefined as never,
    ];
    for (const encode of failures) {
      const { inner, outer } = around(createMemoryHandler(), { encode });
      const error = await rejects(outer.write("a", bytes("data"), creation), "failed", "not-applied");
      expect(inspect(error, { depth: 5, showHidden: true })).not.toMatch(/SECRET"|: SECRET/);
      expect(await inner.read("a")).toBeUndefined();
    }
  });

  test("has the code given by the decorator, and was not applied", async () => {
    const encode = () => Promise.reject(new SessionError("unavailable", "There is no key.", { outcome: "unknown" }));
    await rejects(
      around(createMemoryHandler(), { encode }).outer.write("a", bytes("data"), creation),
      "unavailable",
      "not-applied",
    );
  });
});

describe("the limit", () => {
  test("of the handler inside applies to the encoded bytes, before anything is sent", async () => {
    const asked: unknown[] = [];
    const write: SessionHandler["write"] = async (...args) => {
      asked.push(args);
      return { written: true, version };
    };
    const inner = { ...handlerWith({ write }), maxBytes: 10 };
    const { outer } = around(inner, inverting);
    await rejects(outer.write("a", new Uint8Array(7), creation), "too-large", "not-applied");
    expect(asked).toEqual([]);
    expect(await outer.write("a", new Uint8Array(6), creation)).toEqual({ written: true, version });
  });

  test("outside is that of the decorator, before encoding; or none", async () => {
    let encoded = 0;
    const encode = (data: Uint8Array) => {
      encoded += 1;
      return data;
    };
    const limited = decorateHandler(createMemoryHandler(), { encode, maxBytes: 5 });
    await rejects(limited.write("a", new Uint8Array(6), creation), "too-large", "not-applied");
    expect([limited.maxBytes, encoded]).toEqual([5, 0]);
    expect(await limited.write("a", new Uint8Array(5), creation)).toMatchObject({ written: true });
    expect(decorateHandler(createMemoryHandler(), { encode })).not.toHaveProperty("maxBytes");
    expect(decorateHandler(createMemoryHandler(), { decode: encode }).maxBytes).toBe(1_048_576);
  });
});

test("the decorator receives a copy that it may change and nobody else changes", async () => {
  const passing: { open: () => void } = { open: () => {} };
  const opened = new Promise<void>((resolve) => {
    passing.open = resolve;
  });
  const { inner, outer } = around(createMemoryHandler(), {
    async encode(data) {
      await opened;
      return data.fill(data[0] ?? 0);
    },
  });
  const data = bytes("aaa");
  const writing = outer.write("a", data, creation);
  data.fill(0);
  passing.open();
  await writing;
  expect(textOf(await inner.read("a"))).toBe("aaa");
  expect(data).toEqual(new Uint8Array(3));
});

test.each([
  ["encoded", "encode", "not-applied"],
  ["decoded", "decode", "not-applied"],
] as const)(
  "a write ends at once when its caller gives up while it is %s, and is not written",
  async (_, hook, outcome) => {
    const { inner, outer } = around(createMemoryHandler(), { [hook]: () => new Promise(() => {}) });
    if (hook === "decode") await inner.write("a", bytes("there"), creation);
    const caller = new AbortController();
    const writing = watch(outer.write("a", bytes("data"), { ...creation, signal: caller.signal }));
    const other = watch(outer.write("a", bytes("data"), creation));
    await settled();
    caller.abort();
    await settled();
    await rejects(Promise.reject(writing.error), "aborted", outcome);
    await outer.close();
    await rejects(Promise.reject(other.error), "closed", outcome);
  },
);

test("neither a touch nor a listing carries bytes", async () => {
  const never = () => {
    throw new Error("There are no bytes to change.");
  };
  const { inner, outer } = around(createMemoryHandler(), { encode: never, decode: never });
  await inner.write("a", bytes("data"), creation);
  expect(await outer.touch("a", 60)).toBe(true);
  expect(await outer.list({})).toEqual({ ids: ["a"], next: undefined });
  expect(await outer.destroy("a")).toEqual({ destroyed: true });
});
