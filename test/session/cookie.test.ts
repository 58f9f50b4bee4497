import { createHmac, createSecretKey } from "node:crypto";
import fc from "fast-check";
import { isSessionError } from "sessionwire";
import { afterEach, describe, expect, test, vi } from "vitest";
import { toBase64, toBase64Url } from "../../src/base64.ts";
import { createSessionCookie, type SessionCookie } from "../../src/cookie/cookie.ts";
import type { SessionCookieOptions } from "../../src/cookie/cookie-options.ts";
import { createSigner } from "../../src/cookie/signature.ts";

const id = "k3Qp7s0mEJ5mQk3p0sE2nQ8x1aVb9cDd";
const otherId = "0123456789abcdefghijklmnopqrstuv";
const secret = "a secret of more than thirty-two bytes";
const newSecret = "another secret of more than thirty-two bytes";
const isId = (value: string): boolean => /^[A-Za-z0-9_.-]{32}$/.test(value);

/** What express would write, by Node and not by Web Crypto. */
function signedByNode(value: string, by: string): string {
  return `${value}.${createHmac("sha256", by).update(value).digest("base64").replace(/=+$/, "")}`;
}

function cookie(options?: SessionCookieOptions, shape = isId): SessionCookie {
  return createSessionCookie(shape, options);
}

/** Made from options that the types refuse, too. */
function makingWith(options: unknown): () => SessionCookie {
  return () => cookie(options as SessionCookieOptions);
}

/** The `name=value` of a Set-Cookie header, which is what the browser sends back. */
function pairOf(setCookie: string): string {
  return setCookie.split(";")[0] ?? "";
}

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("was fulfilled"),
    (error: unknown) => error,
  );
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("base64", () => {
  test("both alphabets are those of Node, without padding", () => {
    const property = fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64").replace(/=+$/, ""));
      expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
    });
    fc.assert(property, { examples: [[new Uint8Array()], [Uint8Array.of(0xfb, 0xff, 0xfe)]] });
  });
});

describe("a signature", () => {
  const vector = `${id}.5B9dSM23I3pc8KyJqtmgrJO5OuXMZjc8IY3eIgWJcMQ`;

  test("is the one of express-session, and verifies", async () => {
    const signer = createSigner(["keyboard cat"]);
    expect(await signer.sign(id)).toBe(vector);
    expect(await signer.unsign(vector)).toBe(id);
  });

  test("is the one of Node for any value and secret, and returns the value", async () => {
    const text = fc.string({ unit: "binary", maxLength: 50 });
    const property = fc.asyncProperty(text, fc.string({ unit: "binary", minLength: 1 }), async (value, by) => {
      const signer = createSigner([by]);
      const signed = await signer.sign(value);
      expect(signed).toBe(signedByNode(value, by));
      expect(await signer.unsign(signed)).toBe(value);
    });
    await fc.assert(property, {
      examples: [
        ["", "a"],
        ["with.dots.", "a"],
        ["two\nlines", "a"],
        ["é€😀", "ключ"],
      ],
    });
  });

  test("is refused with any character changed, removed or inserted", async () => {
    const signer = createSigner(["keyboard cat"]);
    for (let index = 0; index < vector.length; index += 1) {
      const [before, character, after] = [vector.slice(0, index), vector[index], vector.slice(index + 1)];
      const replacements = [..."ABM4kx+/-_.= é"].filter((other) => other !== character);
      const tampered = ["", ...replacements, `A${character}`, `=${character}`, ` ${character}`];
      for (const instead of tampered) expect(await signer.unsign(before + instead + after)).toBeUndefined();
    }
  });

  test.each([
    ["nothing", ""],
    ["a dot", "."],
    ["no dot", id],
    ["an empty signature", `${id}.`],
    ["only a signature", vector.slice(33)],
    ["a signature with padding", `${vector}=`],
    ["a signature with a blank behind", `${vector} `],
    ["a signature with a line end behind", `${vector}\n`],
    ["a signature in the URL alphabet", vector.replaceAll("/", "_").replaceAll("+", "-").concat("-")],
    ["a signature of another secret", signedByNode(id, "keyboard dog")],
    ["a signature of another value", vector.replace(id, otherId)],
    ["a signature in hexadecimal", `${id}.${createHmac("sha256", "keyboard cat").update(id).digest("hex")}`],
    ["a signature by SHA-1", `${id}.${createHmac("sha1", "keyboard cat").update(id).digest("base64")}`],
    ["a signature and more", `${vector}.more`],
    ["more than text", `${vector}\u0000`],
  ])("%s is no signed value", async (_, signed) => {
    expect(await createSigner(["keyboard cat"]).unsign(signed)).toBeUndefined();
  });

  test("has one text: others that decode to the same bytes are refused", async () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const signer = createSigner(["keyboard cat"]);
    const last = alphabet.indexOf(vector.slice(-1));
    for (const unusedBits of [1, 2, 3]) {
      const sameBytes = vector.slice(0, -1) + alphabet[last + unusedBits];
      expect(Buffer.from(sameBytes.slice(33), "base64")).toEqual(Buffer.from(vector.slice(33), "base64"));
      expect(await signer.unsign(sameBytes)).toBeUndefined();
    }
  });

  test("of one lone surrogate is not valid for another", async () => {
    const signer = createSigner(["keyboard cat"]);
    const signed = await signer.sign("\ufffd");
    expect(await signer.unsign(signed)).toBe("\ufffd");
    for (const broken of ["\ud800", "\udfff"]) {
      expect(await signer.unsign(signed.replace("\ufffd", broken))).toBeUndefined();
    }
  });

  test("is made with the first secret and verified with all of them", async () => {
    const signer = createSigner(["new", "old", "oldest"]);
    expect(await signer.sign(id)).toBe(signedByNode(id, "new"));
    for (const by of ["new", "old", "oldest"]) expect(await signer.unsign(signedByNode(id, by))).toBe(id);
    expect(await signer.unsign(signedByNode(id, "none of them"))).toBeUndefined();
  });

  test("is verified by Web Crypto, in constant time, and never computed again to be compared as text", async () => {
    const verify = vi.spyOn(crypto.subtle, "verify");
    const sign = vi.spyOn(crypto.subtle, "sign");
    const signer = createSigner(["new", "old"]);
    expect(await signer.unsign(signedByNode(id, "old"))).toBe(id);
    expect(verify).toHaveBeenCalledTimes(2);
    expect(sign).not.toHaveBeenCalled();
  });

  test("imports each key once, in a form that cannot be exported", async () => {
    const importKey = vi.spyOn(crypto.subtle, "importKey");
    const signer = createSigner(["new", "old"]);
    const signed = await signer.sign(id);
    await Promise.all([signer.sign(id), signer.sign(otherId), signer.unsign(vector), signer.unsign(signed)]);
    expect(importKey).toHaveBeenCalledTimes(2);
    for (const { value } of importKey.mock.results) expect((await value).extractable).toBe(false);
  });

  test("is made although an earlier caller waits for its keys for ever, as in a cancelled request", async () => {
    const importKey = vi.spyOn(crypto.subtle, "importKey").mockImplementationOnce(() => new Promise(() => {}));
    const signer = createSigner(["new"]);
    signer.sign(otherId);
    expect(importKey).toHaveBeenCalledTimes(1);
    expect(await signer.sign(id)).toBe(signedByNode(id, "new"));
  });

  test("is not affected by a later change of the list of secrets", async () => {
    const secrets = ["first"];
    const signer = createSigner(secrets);
    secrets[0] = "second";
    expect(await signer.sign(id)).toBe(signedByNode(id, "first"));
  });

  test.each([
    ["no secret", [], RangeError],
    ["an empty secret", ["good", ""], RangeError],
    ["a secret that is no text", ["good", 1], TypeError],
    ["a secret with a lone surrogate", ["\ud800"], TypeError],
    ["a text instead of a list", "good", TypeError],
  ])("cannot be made with %s", (_, secrets, error) => {
    expect(() => createSigner(secrets as string[])).toThrow(error);
  });
});

describe("the cookie that is set", () => {
  test("is safe without any option", async () => {
    expect(cookie().name).toBe("__Host-session");
    const setCookie = await cookie().serialize({ id });
    expect(setCookie).toBe(`__Host-session=${id}; Path=/; HttpOnly; Secure; SameSite=Lax`);
  });

  test("has all the given options", async () => {
    const options: SessionCookieOptions = {
      name: "__Secure-id",
      secrets: [secret],
      sameSite: "none",
      secure: true,
      path: "/shop",
      domain: "example.org",
      maxAgeSeconds: 3600,
      partitioned: true,
    };
    const rest = "HttpOnly; Secure; SameSite=None; Partitioned";
    expect(await cookie(options).serialize({ id })).toBe(
      `__Secure-id=${signedByNode(id, secret)}; Path=/shop; Domain=example.org; Max-Age=3600; ${rest}`,
    );
    expect(cookie(options).clear()).toBe(`__Secure-id=; Path=/shop; Domain=example.org; Max-Age=0; ${rest}`);
  });

  test.each([
    [{}, "__Host-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"],
    [{ maxAgeSeconds: 60 }, "__Host-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"],
    [{ name: "id", secure: false, path: "/a" }, "id=; Path=/a; Max-Age=0; HttpOnly; SameSite=Lax"],
    [{ sameSite: "strict" as const }, "__Host-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict"],
  ])("is forgotten under the same name, path and domain: %j", (options, expected) => {
    expect(cookie(options).clear()).toBe(expected);
  });

  test("is always HttpOnly", async () => {
    const everyKind = fc.record(
      {
        name: fc.constantFrom("id", "sid"),
        secrets: fc.constant([secret]),
        sameSite: fc.constantFrom("lax", "strict"),
        secure: fc.boolean(),
        path: fc.constantFrom("/", "/a"),
        domain: fc.constant("example.org"),
        maxAgeSeconds: fc.integer({ min: 1 }),
      },
      { requiredKeys: ["name"] },
    );
    const property = fc.asyncProperty(everyKind, async (options) => {
      const made = makingWith(options)();
      expect(await made.serialize({ id })).toContain("; HttpOnly");
      expect(made.clear()).toContain("; HttpOnly");
    });
    await fc.assert(property);
    expect(makingWith({ httpOnly: false })).toThrow(TypeError);
  });

  test.each([
    ["is of another shape", "short", isId],
    ["is empty", "", () => true],
    ["would begin an attribute", "a; Domain=evil.example", () => true],
    ["would begin a header", "a\r\nSet-Cookie: b=c", () => true],
    ["has a blank", "a b", () => true],
    ["has a comma", "a,b", () => true],
    ["has quotes", '"a"', () => true],
    ["has a backslash", "a\\b", () => true],
    ["is not ASCII", "ä", () => true],
    ["has a DEL", "a\u007f", () => true],
    ["is no text", 5, () => true],
    ["is absent", undefined, () => true],
  ])("never carries an id that %s, nor does the error", async (_, badId, shape) => {
    for (const options of [{}, { secrets: [secret] }]) {
      const error = await rejectionOf(cookie(options, shape).serialize({ id: badId as string }));
      expect(isSessionError(error) && error.code).toBe("invalid-id");
      if (badId) expect(String(error)).not.toContain(String(badId));
    }
  });

  test("has at most 4096 bytes, including signature and attributes", async () => {
    const anyId = (): boolean => true;
    for (const options of [{}, { secrets: [secret] }, { name: "id", domain: "example.org", maxAgeSeconds: 9 }]) {
      const made = cookie(options, anyId);
      const room = 4096 - (await made.serialize({ id: "x" })).length;
      expect(await made.serialize({ id: "x".repeat(room + 1) })).toHaveLength(4096);
      const error = await rejectionOf(made.serialize({ id: "x".repeat(room + 2) }));
      expect(error).toBeInstanceOf(RangeError);
      expect(String(error)).not.toContain("xx");
    }
  });

  test("is refused by a rejection, not synchronously", async () => {
    const made = cookie();
    expect(await rejectionOf(made.serialize(undefined as never))).toBeInstanceOf(TypeError);
    expect(await rejectionOf(made.parse(5 as never))).toBeInstanceOf(TypeError);
  });
});

describe("an invalid option is refused when the cookie is made", () => {
  test.each([
    [{ secure: false }, "secure"],
    [{ path: "/shop" }, "path"],
    [{ domain: "example.org" }, "domain"],
    [{ name: "__Host-id", secure: false }, "secure"],
    [{ name: "__host-id", path: "/shop" }, "path"],
    [{ name: "__HOST-id", domain: "example.org" }, "domain"],
    [{ name: "__hOsT-id", secure: false }, "secure"],
    [{ name: "__Secure-id", secure: false }, "secure"],
    [{ name: "__SECURE-id", secure: false }, "secure"],
    [{ name: "id", secure: false, sameSite: "none" }, "secure"],
    [{ name: "id", secure: false, partitioned: true }, "secure"],
  ])("as browsers would refuse the cookie: %j", (options, option) => {
    expect(makingWith(options)).toThrow(expect.toSatisfy((error) => error instanceof TypeError));
    expect(makingWith(options)).toThrow(`"${option}"`);
  });

  test.each([
    [{ name: "id", secure: false, path: "/shop", domain: "example.org" }],
    [{ name: "id", secure: false, sameSite: "strict" }],
    [{ name: "__Secure-id", path: "/shop", domain: "example.org" }],
    [{ name: "__Host-id", path: "/", secure: true, domain: undefined }],
    [{ name: "x__Host-id", secure: false }],
    [{ name: "__Hostess", secure: false }],
    [{ sameSite: "none" }],
    [{ partitioned: true }],
    [{ name: "!#$%&'*+-.^_`|~09azAZ" }],
    [{ name: undefined, secrets: undefined, sameSite: undefined, secure: undefined, path: undefined }],
    [{ domain: undefined, maxAgeSeconds: undefined, partitioned: undefined }],
    [undefined],
    [{ maxAgeSeconds: 1 }],
  ])("but not %j", (options) => {
    expect(makingWith(options)).not.toThrow();
  });

  test.each([
    ...["", " ", "a b", "a=b", "a;b", "a,b", 'a"', "a\r\n", "ä", "a\u0000", "a/b", "a\t", "[a]", 5, null].map(
      (name) => ({ name }),
    ),
    ...["LAX", "", "toString", true, null].map((sameSite) => ({ sameSite })),
    ...["true", 1, 0, null].flatMap((flag) => [{ secure: flag }, { partitioned: flag }]),
    ...["", "shop", "/a;b", "/a\r\nb", "/a\u0000", "/a\u007f", "/ä", "/a b", 5, null].map((path) => ({
      name: "id",
      path,
    })),
    ...["", "a;b", "a\nb", "ä.example", "a b", 5, null].map((domain) => ({ name: "id", domain })),
    { secrets: secret },
    { secrets: [secret, 5] },
    { secrets: null },
    { unknown: 1 },
    { maxAge: 1 },
    { Secure: true },
    null,
    5,
    "name",
  ])("as no such thing: %j", (options) => {
    expect(makingWith(options)).toThrow(TypeError);
  });

  test.each([
    ...[0, -1, 1.5, Number.NaN, Infinity, "60", null].map((maxAgeSeconds) => ({ maxAgeSeconds })),
    { name: "id", path: `/${"a".repeat(1024)}` },
    { name: "id", domain: "a".repeat(1025) },
    { secrets: [] },
  ])("as out of range: %j", (options) => {
    expect(makingWith(options)).toThrow(RangeError);
  });

  test("but not a path of 1024 bytes, which browsers accept", () => {
    expect(makingWith({ name: "id", path: `/${"a".repeat(1023)}` })).not.toThrow();
  });

  test("a secret has at least 32 bytes, and appears in no message", () => {
    const short = "s".repeat(31);
    for (const secrets of [[short], [secret, short], [short, secret], [""], ["é".repeat(15)], [`${short}\ud800`]]) {
      expect(() => cookie({ secrets })).toThrow(Error);
      expect(() => cookie({ secrets })).toThrow(
        expect.toSatisfy((error) => !/sss|ééé|a secret of/.test(String(error))),
      );
    }
    for (const bytes of [new Uint8Array(31), createSecretKey(Buffer.alloc(31)), new Uint8Array(64).subarray(33)]) {
      expect(() => cookie({ secrets: [bytes] })).toThrow(RangeError);
    }
    for (const bytes of [new Uint8Array(32), createSecretKey(Buffer.alloc(32)), new Uint8Array(64).subarray(32)]) {
      cookie({ secrets: [bytes] });
    }
    for (const secrets of [["s".repeat(32)], ["é".repeat(16)], [secret, newSecret]]) cookie({ secrets });
  });
});

describe("an id is read from", () => {
  const name = "__Host-session";
  const signed = signedByNode(id, secret);
  const plain = cookie();
  const signing = cookie({ secrets: [secret] });

  test.each([
    ["our cookie alone", `${name}=${id}`],
    ["our cookie among others", `a=b; ${name}=${id}; c=d`],
    ["pairs without blanks", `a=b;${name}=${id};c=d`],
    ["pairs with many blanks and tabs", `a=b ; \t ${name} =\t${id} \t;c=d`],
    ["a quoted value", `${name}="${id}"`],
    ["a header with junk", `;;; =;=x; junk; %zz=%zz; \u0000 ; a="b; ${name}=${id}; __Host-sess; =`],
    ["a semicolon in quotes, which do not protect it", `a="b; ${name}=${id}; c"`],
    ["values with an equals sign", `a=b=c; ${name}=${id}`],
    ["the same cookie twice", `${name}=${id}; ${name}=${id}; ${name}="${id}"`],
    ["cookies of similar names", `${name}2=${otherId}; x${name}=${otherId}; __host-session=${otherId}; ${name}=${id}`],
    ["another one that is no id", `${name}=junk; ${name}=${id}; ${name}=; ${name}`],
  ])("%s, signed or not", async (_, header) => {
    expect(await plain.parse(header)).toBe(id);
    expect(await signing.parse(header.replaceAll(id, signed))).toBe(id);
  });

  test.each([
    ["nothing", undefined],
    ["null", null],
    ["an empty header", ""],
    ["a cleared cookie", `${name}=`],
    ["a name alone", name],
    ["a name that begins as ours", `${name}s=${id}`],
    ["a name that ends as ours", `s${name}=${id}`],
    ["a name in other letters", `__host-session=${id}`],
    ["a name that is a value", `a=${name}=${id}`],
    ["a value without a name", `=${name}=${id}`],
    ["a name in quotes", `"${name}"=${id}`],
    ["a name that is encoded", `__Host%2Dsession=${id}`],
    ["a value of another shape", `${name}=short`],
    ["a value that is encoded", `${name}=${id.replace("k", "%6B")}`],
    ["a value that is encoded badly", `${name}=%`],
    ["half a pair of quotes before", `${name}="${id}`],
    ["half a pair of quotes behind", `${name}=${id}"`],
    ["half a pair of quotes, and one character more", `${name}="${id}0`],
    ["one character more, and half a pair of quotes", `${name}=0${id}"`],
    ["one quote", `${name}="`],
    ["two pairs of quotes", `${name}=""${id}""`],
    ["pairs separated by commas", `a=b, ${name}=${id}`],
  ])("%s: none", async (_, header) => {
    expect(await plain.parse(header)).toBeUndefined();
    expect(await signing.parse(header?.replaceAll(id, signed))).toBeUndefined();
  });

  test("no name that is ours only to those who trim more than browsers do", async () => {
    for (const blank of ["\u000b", "\f", "\r", "\n", "\u0085", "\u00a0", "\u2000", "\u3000", "\ufeff"]) {
      expect(await plain.parse(`${blank}${name}=${id}`)).toBeUndefined();
      expect(await plain.parse(`${name}${blank}=${id}`)).toBeUndefined();
      expect(await plain.parse(`${name}=${blank}${id}`)).toBeUndefined();
      expect(await plain.parse(`${name}=${id}${blank}`)).toBeUndefined();
    }
  });

  test("no cookie whose value cannot be ours, whatever the shape of ids", async () => {
    const lax = cookie({}, () => true);
    for (const value of ["", '""', "a b", "a,b", "a\\b", 'a"b', "ä", "a\u0000b"]) {
      expect(await lax.parse(`${name}=${value}`)).toBeUndefined();
    }
    const longest = "x".repeat(4096 - name.length);
    expect(await lax.parse(`${name}=${longest}`)).toBe(longest);
    expect(await lax.parse(`${name}=${longest}x`)).toBeUndefined();
    expect(await lax.parse(`${name}=%zz.=&`)).toBe("%zz.=&");
  });

  test("no cookie that is unsigned, signed by another or changed at any character", async () => {
    expect(await signing.parse(`${name}=${id}`)).toBeUndefined();
    expect(await signing.parse(`${name}=${signedByNode(id, newSecret)}`)).toBeUndefined();
    for (let index = 0; index < signed.length; index += 1) {
      const instead = signed[index] === "A" ? "E" : "A";
      const tampered = signed.slice(0, index) + instead + signed.slice(index + 1);
      expect(await signing.parse(`${name}=${tampered}`)).toBeUndefined();
    }
  });

  test("no cookie that is well signed but not an id", async () => {
    for (const value of ["short", "", `${id}0`, `${id}.`]) {
      expect(await signing.parse(`${name}=${signedByNode(value, secret)}`)).toBeUndefined();
    }
  });

  test("an id with dots", async () => {
    const dotted = "k3Qp.s0mEJ5.Qk3p0sE2nQ8.1aVb9cD.";
    expect(await signing.parse(pairOf(await signing.serialize({ id: dotted })))).toBe(dotted);
  });

  test("no two cookies that differ, in any order", async () => {
    expect(await plain.parse(`${name}=${id}; ${name}=${otherId}`)).toBeUndefined();
    expect(await plain.parse(`${name}=${otherId}; ${name}=${id}`)).toBeUndefined();
    const other = signedByNode(otherId, secret);
    expect(await signing.parse(`${name}=${signed}; ${name}=${other}`)).toBeUndefined();
    expect(await signing.parse(`${name}=${other}; ${name}=${signed}; ${name}=${signed}`)).toBeUndefined();
  });

  test("the well-signed one of two cookies, in any order", async () => {
    const forged = signedByNode(otherId, newSecret);
    expect(await signing.parse(`${name}=${forged}; ${name}=${signed}`)).toBe(id);
    expect(await signing.parse(`${name}=${signed}; ${name}=${forged}; ${name}=${otherId}`)).toBe(id);
  });

  test("cookies of the old secret and the new one while both are known", async () => {
    const rotated = cookie({ secrets: [newSecret, secret] });
    expect(pairOf(await rotated.serialize({ id }))).toBe(`${name}=${signedByNode(id, newSecret)}`);
    expect(await rotated.parse(`${name}=${signed}`)).toBe(id);
    expect(await rotated.parse(pairOf(await rotated.serialize({ id })))).toBe(id);
    expect(await rotated.parse(`${name}=${signed}; ${pairOf(await rotated.serialize({ id }))}`)).toBe(id);
    expect(await cookie({ secrets: [newSecret] }).parse(`${name}=${signed}`)).toBeUndefined();
  });

  test("eight different values at most, so that a forged header costs few signatures", async () => {
    const verify = vi.spyOn(crypto.subtle, "verify");
    const forged = Array.from({ length: 1000 }, (_, index) => `${name}=${signedByNode(`${index}`, newSecret)}`);
    expect(await signing.parse([...forged.slice(0, 7), `${name}=${signed}`].join("; "))).toBe(id);
    expect(verify).toHaveBeenCalledTimes(8);
    for (const length of [8, 9, 1000]) {
      for (const position of [0, 1, length]) {
        const header = forged.slice(0, length).toSpliced(position, 0, `${name}=${signed}`);
        expect(await signing.parse(header.join("; "))).toBeUndefined();
      }
    }
    expect(verify).toHaveBeenCalledTimes(8);
  });

  test("values that cannot be ours do not count", async () => {
    const junk = Array.from({ length: 100 }, (_, index) => `${name}=a b ${index}; ${name}=${"x".repeat(5000 + index)}`);
    expect(await signing.parse(`${junk.join(";")};${name}=${signed}`)).toBe(id);
  });

  test("the same value as often as it comes, at the price of one", async () => {
    const verify = vi.spyOn(crypto.subtle, "verify");
    expect(await signing.parse(`${name}=${signed};`.repeat(1000))).toBe(id);
    expect(verify).toHaveBeenCalledTimes(1);
  });

  test("strings only", async () => {
    for (const header of [5, true, {}, [`${name}=${id}`], new String(`${name}=${id}`), Symbol("header")]) {
      expect(await rejectionOf(plain.parse(header as string))).toBeInstanceOf(TypeError);
    }
  });

  test.each([
    ["semicolons", ";"],
    ["blanks", " "],
    ["tabs and semicolons", "\t;"],
    ["equals signs", "="],
    ["quotes", '"'],
    ["empty cookies of our name", `${name}=;`],
    ["cookies of our name", `${name}=${signed};`],
    ["blanks in pairs", `a${" ".repeat(5000)}=;`],
  ])("a header of %s in linear time", async (_, part) => {
    const header = part.repeat(2_000_000 / part.length);
    const ids = [await signing.parse(`a${header};x`), await signing.parse(`${name}=${header}x`)];
    expect(ids.every((found) => found === undefined || found === id)).toBe(true);
    expect(await millisecondsOf(() => signing.parse(`x${header}x`))).toBeLessThan(2000);
    expect(await millisecondsOf(() => plain.parse(`${name}=x${header}x`))).toBeLessThan(2000);
  });

  test("any header without an exception, and the result is an id or nothing", async () => {
    const part = fc.oneof(
      fc.constantFrom(
        name,
        "=",
        ";",
        "; ",
        '"',
        " ",
        "\t",
        ".",
        id,
        otherId,
        signed,
        signedByNode(otherId, secret),
        "%",
      ),
      fc.string({ unit: "binary", maxLength: 10 }),
    );
    const anyHeader = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
      fc.array(part, { maxLength: 30 }).map((parts) => parts.join("")),
    );
    const property = fc.asyncProperty(anyHeader, async (header) => {
      for (const made of [plain, signing]) {
        const found = await made.parse(header);
        if (found !== undefined) expect([header.includes(found), isId(found)]).toEqual([true, true]);
      }
    });
    await fc.assert(property, { numRuns: 1000 });
  });

  test("any serialised id, among any other cookies", async () => {
    const octet = fc.constantFrom(..."!#$%&'()*+-./0123456789:<=>?@AZ[]^_`az{|}~");
    const anyId = fc.string({ unit: octet, minLength: 1, maxLength: 200 });
    const others = fc.array(fc.constantFrom("a=b", "junk", "=", 'q="x y"', `${name}2=x`, "%zz=%"), { maxLength: 5 });
    const secrets = fc.option(fc.constantFrom([secret], [newSecret, secret]), { nil: undefined });
    const separator = fc.constantFrom("; ", ";", " ;\t");
    const property = fc.asyncProperty(
      anyId,
      others,
      others,
      secrets,
      separator,
      async (some, before, after, by, between) => {
        const made = cookie({ secrets: by }, () => true);
        const pair = pairOf(await made.serialize({ id: some }));
        expect(await made.parse([...before, pair, ...after].join(between))).toBe(some);
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });
});
