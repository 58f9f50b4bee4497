import type { HandshakeRequest } from "sessionwire/sockets";
import { describe, expect, test } from "vitest";
import { openPaperStage, origin, type PaperStage } from "./paper/stage.ts";

function requestFrom(page: string | undefined, cookie?: string): HandshakeRequest {
  const headers: Record<string, string | undefined> = { origin: page, cookie };
  return { url: "/", raw: "a request", header: (name) => headers[name] };
}

/** The status of a handshake from an origin. */
async function statusFrom(stage: PaperStage, given: string): Promise<number> {
  const decision = await stage.server.decide(requestFrom(given, await cookieOn(stage)));
  return decision.accepted ? 101 : decision.status;
}

async function cookieOn(stage: PaperStage): Promise<string | undefined> {
  const [cookie] = (await stage.sessions.cookie.serialize(await stage.signIn())).split(";");
  return cookie;
}

describe("a page may connect", () => {
  test.each(["https://app.example", "http://localhost:3000", "http://[::1]:3000", "https://xn--bcher-kva.example"])(
    "from the web: %s",
    async (origin) => {
      await using stage = openPaperStage({ allowedOrigins: [origin] });
      expect(await statusFrom(stage, origin)).toBe(101);
      expect(await statusFrom(stage, `${origin}.evil.example`)).toBe(403);
    },
  );

  test.each([
    "capacitor://localhost",
    "ionic://localhost",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "app://-",
  ])("from an application or an extension: %s", async (origin) => {
    await using stage = openPaperStage({ allowedOrigins: [origin] });
    expect(await statusFrom(stage, origin)).toBe(101);
    expect(await statusFrom(stage, `${origin}x`)).toBe(403);
    expect(await statusFrom(stage, "https://localhost")).toBe(403);
  });
});

describe("a pattern of hosts", () => {
  const allowed = [
    "https://a.app.example",
    "https://a.b.app.example",
    "https://x-1.app.example",
    "https://0.app.example",
  ];
  const foreign = [
    "https://app.example",
    "http://a.app.example",
    "https://a.app.example:8443",
    "https://.app.example",
    "https://aapp.example",
    "https://a.appxexample",
    "https://evil.example/.app.example",
    "https://evil.example#.app.example",
    "https://evil.example\\.app.example",
    "https://evil.example:1.app.example",
    "https://user@a.app.example",
    "https://a.app.example.evil.example",
    "https://A.app.example",
    "https://*.app.example.evil.example",
    "https://-.app.example",
    "null",
    "",
  ];

  test("accepts all hosts below the named one, and nothing else", async () => {
    await using stage = openPaperStage({ allowedOrigins: ["https://*.app.example"] });
    for (const origin of allowed) expect([origin, await statusFrom(stage, origin)]).toEqual([origin, 101]);
    for (const origin of foreign) expect([origin, await statusFrom(stage, origin)]).toEqual([origin, 403]);
  });

  test("may have a port", async () => {
    await using stage = openPaperStage({ allowedOrigins: ["http://*.app.localhost:3000"] });
    expect(await statusFrom(stage, "http://a.app.localhost:3000")).toBe(101);
    expect(await statusFrom(stage, "http://a.app.localhost")).toBe(403);
  });

  test("is found not to match in no time, however long the origin is", async () => {
    await using stage = openPaperStage({ allowedOrigins: ["https://*.app.example"] });
    const start = performance.now();
    expect(await statusFrom(stage, `https://${"a-a.".repeat(20_000)}!`)).toBe(403);
    expect(await statusFrom(stage, `https://${"a".repeat(100_000)}!`)).toBe(403);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe("a function that decides asynchronously", () => {
  test("is waited for", async () => {
    await using stage = openPaperStage({ allowedOrigins: async (origin) => origin === "https://app.example" });
    expect(await statusFrom(stage, "https://app.example")).toBe(101);
    expect(await statusFrom(stage, "https://evil.example")).toBe(403);
  });

  test("is waited for only within the deadline of the handshake", async () => {
    await using stage = openPaperStage({ allowedOrigins: () => new Promise<boolean>(() => {}) });
    const status = statusFrom(stage, "https://app.example");
    await stage.clock.advance(5001);
    expect(await status).toBe(503);
  });

  test("refuses with 500 when it rejects", async () => {
    await using stage = openPaperStage({ allowedOrigins: () => Promise.reject(new Error("There is no list.")) });
    expect(await statusFrom(stage, "https://app.example")).toBe(500);
    expect(stage.events.at(-1)).toMatchObject({ type: "failed", error: { message: "There is no list." } });
  });
});

test("a request is accepted or refused by its origin alone, and a refusal is reported", async () => {
  await using stage = openPaperStage();
  const { server, events } = stage;
  expect(await server.checkOrigin(requestFrom(origin))).toBeUndefined();
  expect(events).toEqual([]);
  for (const page of ["http://evil.example", undefined]) {
    expect(await server.checkOrigin(requestFrom(page))).toMatchObject({
      accepted: false,
      reason: "origin",
      status: 403,
    });
  }
  expect(events.map(({ type }) => type)).toEqual(["refused", "refused"]);
});

test("a function of `allowedOrigins` that throws refuses with 500", async () => {
  const error = new Error("of the function");
  await using stage = openPaperStage({
    allowedOrigins: () => {
      throw error;
    },
  });
  expect(await stage.server.checkOrigin(requestFrom(origin))).toMatchObject({ reason: "error", status: 500 });
  expect(stage.events).toContainEqual(expect.objectContaining({ type: "failed", error }));
});

test("a handshake whose origin is already checked is decided by its session", async () => {
  await using stage = openPaperStage();
  const request = requestFrom(undefined, await cookieOn(stage));
  expect(await stage.server.decide(request)).toMatchObject({ reason: "origin" });
  expect(await stage.server.decide({ ...request, isOriginChecked: true })).toMatchObject({ accepted: true });
  expect(await stage.server.decide({ ...requestFrom(undefined), isOriginChecked: true })).toMatchObject({
    reason: "no-cookie",
  });
});
