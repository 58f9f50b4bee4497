import { createSessionManager, expressFormat, nativeFormat, type SessionHandler } from "sessionwire";
import { createBasicSessionManager, type SessionFormat } from "sessionwire/backend";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { createRedisHandler } from "sessionwire/redis";
import { rejects } from "sessionwire/testing";
import { expect, test } from "vitest";
import { createFixture, given, opened } from "./fixture.ts";
import { subject } from "./subject.ts";

test("an idle timeout longer than the lifetime is refused, unless both are given", () => {
  const handler = createMemoryHandler();
  expect(() => createSessionManager({ handler, idleTimeoutSeconds: 604_800 })).toThrow(RangeError);
  createSessionManager({ handler, idleTimeoutSeconds: 604_800, lifetimeSeconds: 43_200 });
  createSessionManager({ handler, idleTimeoutSeconds: 604_800, lifetimeSeconds: Infinity });
});

test("a basic manager stores sessions, and refuses channels, users and a missing format", async () => {
  const options = { handler: createMemoryHandler(), format: nativeFormat() };
  for (const extra of [{ channel: [] }, { users: { idOf: () => "u" } }, { format: undefined }]) {
    expect(() => createBasicSessionManager({ ...options, ...extra } as typeof options)).toThrow(TypeError);
  }
  await using sessions = createBasicSessionManager(options);
  const session = await sessions.create();
  session.set("name", "Ada");
  await session.save();
  expect((await sessions.open(session.id))?.get("name")).toBe("Ada");
  expect(() => sessions.ofUser("u")).toThrow(TypeError);
});

test("the cookie of the express format is completed, and takes its age by the stored name", async () => {
  await using sessions = createSessionManager({
    handler: createMemoryHandler(),
    format: expressFormat({ cookie: { originalMaxAge: 5000, secure: true } }),
  });
  const session = await sessions.create();
  expect(session.metadata.get("cookie")).toEqual({
    originalMaxAge: 5000,
    expires: null,
    httpOnly: true,
    path: "/",
    secure: true,
  });
  expect(() => expressFormat({ cookie: { maxAge: 5000 } })).toThrow(TypeError);
  expect(() => expressFormat({ cookies: {} } as object)).toThrow("cookies");
});

test("of connect-flash, a type without messages stays", () => {
  const format = expressFormat();
  const bytes = new TextEncoder().encode('{"cookie":{},"flash":{"info":[],"error":["full"]}}');
  const record = format.decode(bytes);
  expect([...record.flashes.keys()]).toEqual(["error"]);
  expect(record.attributes.get("flash")).toEqual({ info: [] });
  expect(new TextDecoder().decode(format.encode(record))).toBe(new TextDecoder().decode(bytes));
});

test.each(["url", "socket", "database"])(
  "an option %s of another client does not lead to the server of this machine",
  (name) => {
    expect(() => createRedisHandler({ [name]: "redis://elsewhere" } as object)).toThrow(TypeError);
  },
);

test.each([undefined, null, "redis://user:secret@elsewhere", { client: {} }, 1])(
  "a store of %s is refused, with an explanation",
  (source) => {
    const making = () => createExpressStore(source as unknown as SessionHandler);
    expect(making).toThrow(TypeError);
    expect(making).toThrow("createRedisHandler");
    expect(making).not.toThrow("secret");
  },
);

test("the option ttl of other stores is refused, with its name here", () => {
  const options = { ttl: 60 } as object;
  expect(() => createExpressStore(createMemoryHandler(), options)).toThrow("idleTimeoutSeconds");
});

test("a change that is beaten again and again fails at last", async () => {
  const memory = createMemoryHandler();
  let writes = 0;
  const handler: SessionHandler = {
    ...memory,
    async write(id, data, options) {
      if (options.replaces === undefined) return memory.write(id, data, options);
      writes += 1;
      return { written: false, current: await memory.read(id) };
    },
  };
  const sessions = createSessionManager({ handler });
  const session = await sessions.create();
  session.set("n", 0);
  await session.save();
  await rejects(
    sessions.update(session.id, (draft) => draft.set("n", 1)),
    "conflict",
    "not-applied",
  );
  expect(writes).toBe(1001);
});

test("invalid options are refused when the manager is created", () => {
  const handler = createMemoryHandler();
  const wrong: [object, unknown][] = [
    [{}, TypeError],
    [{ handler: {} }, TypeError],
    [{ handler, unknown: 1 }, TypeError],
    [{ handler, idleTimeoutSeconds: 0 }, RangeError],
    [{ handler, idleTimeoutSeconds: "60" }, RangeError],
    [{ handler, idleTimeoutSeconds: 2 ** 31 }, RangeError],
    [{ handler, lifetimeSeconds: 0.5 }, RangeError],
    [{ handler, lifetimeSeconds: Number.NaN }, RangeError],
    [{ handler, touchEverySeconds: -1 }, RangeError],
    [{ handler, cacheBytes: -1 }, RangeError],
    [{ handler, maxConflicts: -1 }, RangeError],
    [{ handler, maxConflicts: Infinity }, RangeError],
    [{ handler: { ...handler, maxBytes: "1 MB" } }, RangeError],
    [{ handler, clock: {} }, TypeError],
    [{ handler, format: null }, TypeError],
  ];
  for (const [options, kind] of wrong) {
    expect(() => createSessionManager(options as never)).toThrow(kind as typeof TypeError);
  }
  expect(() => createSessionManager(undefined as never)).toThrow(TypeError);
  expect(createSessionManager({ handler }).format.name).toBe(nativeFormat().name);
});

test("a format with a missing member, or one of another type, is refused when the manager is created", () => {
  const handler = createMemoryHandler();
  const format = expressFormat();
  for (const name of Object.keys(format) as (keyof SessionFormat)[]) {
    const { [name]: member, ...others } = format;
    for (const wrong of name === "idOf" ? [null, "a"] : [undefined, null, typeof member === "string" ? 1 : "a"]) {
      const make = () => createSessionManager({ handler, format: { ...others, [name]: wrong } as SessionFormat });
      expect(make, name).toThrow(TypeError);
      expect(make, name).toThrow(name);
    }
  }
  class OwnFormat {}
  const inherited: SessionFormat = Object.setPrototypeOf(new OwnFormat(), format);
  expect(createSessionManager({ handler, format: inherited }).format).toBe(inherited);
});

test("invalid options are refused by each call, before anything is sent", async () => {
  const fixture = createFixture(subject, "native");
  const session = await opened(fixture.sessions, await given(fixture, { a: 1 }));
  fixture.handler.calls.length = 0;
  for (const options of [{ unknown: 1 }, { signal: 1 }, { signal: {} }] as never[]) {
    for (const act of [
      () => fixture.sessions.open(session.id, options),
      () => fixture.sessions.update(session.id, () => 1, options),
      () => fixture.sessions.destroy(session.id, options),
      () => session.save(options),
      () => session.refresh(options),
      () => session.touch(options),
      () => session.regenerate(options),
      () => session.destroy(options),
      () => session.invalidate(options),
    ]) {
      await expect(act()).rejects.toBeInstanceOf(TypeError);
    }
  }
  await expect(fixture.sessions.create({ unknown: 1 } as never)).rejects.toBeInstanceOf(TypeError);
  expect(fixture.handler.calls).toEqual([]);
});
