import { type CipherKey, createHmac, createSecretKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import session, { type SessionOptions } from "express-session";
import fc from "fast-check";
import { expressCookie, type Secret } from "sessionwire";
import { describe, expect, test } from "vitest";

// What express-session sets, without asking it: `s:`, the id, a dot, and HMAC-SHA-256 in base64 without padding.
function signed(id: string, secret: string): string {
  return `s:${id}.${createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "")}`;
}

function header(value: string, name = "connect.sid"): string {
  return `${name}=${encodeURIComponent(value)}`;
}

const secret = "keyboard cat";
const id = "k3Qp7s0mEJ5mQk3p0sE2nQ8x1aVb9cDd";
const vector = "s:k3Qp7s0mEJ5mQk3p0sE2nQ8x1aVb9cDd.5B9dSM23I3pc8KyJqtmgrJO5OuXMZjc8IY3eIgWJcMQ";
const cookie = expressCookie({ secrets: [secret] });

describe("the cookie of express-session", () => {
  test("is read as that package writes it, percent-encoded or not, among others", async () => {
    expect(signed(id, secret)).toBe(vector);
    expect(await cookie.parse(header(vector))).toBe(id);
    expect(await cookie.parse(`a=1; connect.sid=${vector}; b=2`)).toBe(id);
    expect(await cookie.parse(`a=1;connect.sid="${encodeURIComponent(vector)}"`)).toBe(id);
    expect(cookie.name).toBe("connect.sid");
  });

  test("is accepted if any of the secrets has signed it, whatever its name", async () => {
    const rotated = expressCookie({ name: "chat.sid", secrets: ["new", secret] });
    expect(await rotated.parse(header(vector, "chat.sid"))).toBe(id);
    expect(await rotated.parse(header(signed(id, "new"), "chat.sid"))).toBe(id);
    expect(await rotated.parse(header(signed(id, "other"), "chat.sid"))).toBeUndefined();
    expect(await rotated.parse(header(vector))).toBeUndefined();
  });

  test("may carry an id with dots and any other id of genid", async () => {
    for (const odd of ["a.b.c", ".", "a b", "ä/ö", "s:x.y", "%41"]) {
      expect(await cookie.parse(header(signed(odd, secret)))).toBe(odd);
    }
  });

  test("is absent, unsigned, truncated or incorrectly encoded: no id", async () => {
    expect(await cookie.parse(undefined)).toBeUndefined();
    expect(await cookie.parse("")).toBeUndefined();
    expect(await cookie.parse(header(id))).toBeUndefined();
    expect(await cookie.parse(header(`s:${id}`))).toBeUndefined();
    expect(await cookie.parse(`connect.sid=%${vector}`)).toBeUndefined();
    for (let length = 0; length < vector.length; length += 1) {
      expect(await cookie.parse(header(vector.slice(0, length)))).toBeUndefined();
      expect(await cookie.parse(header(vector.slice(2, length)))).toBeUndefined();
    }
  });

  test("is read without its `s:` as well, as @fastify/session writes it", async () => {
    expect(await cookie.parse(header(vector.slice(2)))).toBe(id);
    expect(await cookie.parse(header(signature("s:x", Buffer.from(secret))))).toBe("s:x");
    expect(await cookie.parse(header(`x:${vector.slice(2)}`))).toBeUndefined();
  });

  test("is one of those in a header, in order and each once, without forged ones", async () => {
    const [one, other] = [header(vector), header(signed("other", secret))];
    expect(await cookie.parseAll(`${one}; ${header(`${vector}x`)}; ${other}; ${one}`)).toEqual([id, "other"]);
    expect(await cookie.parseAll(header(`${vector}x`))).toEqual([]);
    expect(await cookie.parseAll(undefined)).toEqual([]);
  });

  test("yields no id if two of them are valid and different, in any order", async () => {
    const [one, other] = [header(vector), header(signed("planted", secret))];
    expect(await cookie.parse(`${one}; ${other}`)).toBeUndefined();
    expect(await cookie.parse(`${other}; ${one}`)).toBeUndefined();
    expect(await cookie.parse(`${one}; ${one}`)).toBe(id);
    expect(await cookie.parse(`${header(`${vector}x`)}; ${one}`)).toBe(id);
  });

  test("yields no id if there are more than eight of them, each of which would cost a signature", async () => {
    const forged = Array.from({ length: 8 }, (_, place) => header(`s:${place}.x`));
    expect(await cookie.parse([...forged, header(vector)].join("; "))).toBeUndefined();
    expect(await cookie.parse([...forged.slice(1), header(vector)].join("; "))).toBe(id);
  });

  test("yields no id if a header is long, and is rejected quickly", async () => {
    const start = performance.now();
    expect(await cookie.parse(`connect.sid=${"a".repeat(100_000)}`)).toBeUndefined();
    expect(await cookie.parse(`${" ".repeat(100_000)}connect.sid`)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test("yields no id if one bit of it is changed", () =>
    fc.assert(
      fc.asyncProperty(fc.nat(vector.length - 1), fc.integer({ min: 1, max: 127 }), async (place, bits) => {
        const changed = String.fromCharCode(vector.charCodeAt(place) ^ bits);
        const forged = vector.slice(0, place) + changed + vector.slice(place + 1);
        expect(await cookie.parse(header(forged))).toBeUndefined();
      }),
      { numRuns: 1000 },
    ));

  test("never fails, and never yields an unsigned id, whatever the header", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.string(), fc.constantFrom("connect.sid=", "s:", ";", "%", "."))),
        async (parts) => {
          expect(await cookie.parse(parts.join(""))).toBeUndefined();
        },
      ),
      { numRuns: 1000 },
    ));
});

const bytes = randomBytes(32);
const secrets: [string, CipherKey & Secret][] = [
  ["a text", "ünïcode, and short"],
  ["a Buffer", bytes],
  ["a Uint8Array", new Uint8Array(bytes)],
  ["bytes in the midst of others", new Uint8Array(randomBytes(48).buffer, 3, 20)],
  ["another view", new DataView(randomBytes(64).buffer, 8, 16)],
  ["numbers", new Uint16Array(randomBytes(64).buffer, 2, 7)],
  ["a key", createSecretKey(bytes)],
];

describe("a secret that express-session accepts", () => {
  test.each(secrets)("is accepted here: %s, alone or behind a newer one", async (_, given) => {
    const { cookie, id } = await visitWith(given);
    expect(await expressCookie({ secrets: [given] }).parse(cookie)).toBe(id);
    expect(await expressCookie({ secrets: [randomBytes(32), "new", given] }).parse(cookie)).toBe(id);
    expect(await expressCookie({ secrets: [randomBytes(32)] }).parse(cookie)).toBeUndefined();
    const rotated = [given, "old"];
    expect(await expressCookie({ secrets: rotated }).parse((await visitWith(rotated)).cookie)).toBeTypeOf("string");
  });

  test("is copied, so that it may be wiped", async () => {
    const given = new Uint8Array(bytes);
    const reader = expressCookie({ secrets: [given] });
    given.fill(0);
    expect(await reader.parse(header(`s:${signature(id, bytes)}`))).toBe(id);
    expect(await reader.parse(header(`s:${signature(id, given)}`))).toBeUndefined();
  });

  test("is refused if it is another key, another value or empty", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const unusable = [
      privateKey,
      publicKey,
      {},
      5,
      null,
      undefined,
      { type: "secret" },
      { type: "secret", export: () => 5 },
    ];
    for (const given of unusable) expect(() => expressCookie({ secrets: [given as Secret] })).toThrow(TypeError);
    for (const given of [new Uint8Array(), new ArrayBuffer(), createSecretKey(Buffer.alloc(0))]) {
      expect(() => expressCookie({ secrets: ["secret", given] })).toThrow(RangeError);
    }
  });
});

/** What express-session sets with this secret, and the id that it gave. */
async function visitWith(secret: SessionOptions["secret"]): Promise<{ readonly cookie: string; readonly id: string }> {
  const application = express()
    .use(session({ secret, resave: false, saveUninitialized: true }))
    .get("/", ({ sessionID }, response) => void response.send(sessionID));
  const server = createServer(application).listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    const response = await fetch(`http://127.0.0.1:${port}/`);
    return { cookie: response.headers.getSetCookie()[0]?.split(";")[0] ?? "", id: await response.text() };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function signature(id: string, key: Uint8Array): string {
  return `${id}.${createHmac("sha256", key).update(id).digest("base64").replace(/=+$/, "")}`;
}

test("invalid options are refused when the reader is created", () => {
  const unusable = (options: unknown) => () => expressCookie(options as Parameters<typeof expressCookie>[0]);
  expect(unusable({ secrets: [] })).toThrow(RangeError);
  expect(unusable({ secrets: [""] })).toThrow(RangeError);
  expect(unusable({ secrets: "keyboard cat" })).toThrow(TypeError);
  expect(unusable({ secret: ["keyboard cat"], secrets: ["x"] })).toThrow(TypeError);
  expect(unusable({ secrets: ["x"], name: "a b" })).toThrow(TypeError);
  expect(unusable({ secrets: ["x"], name: "" })).toThrow(TypeError);
  expect(unusable(undefined)).toThrow(TypeError);
});
