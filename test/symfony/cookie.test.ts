import fc from "fast-check";
import { phpCookie } from "sessionwire/symfony";
import { describe, expect, test } from "vitest";

const id = "b3v8k0q1m5n7p2r4s6t9u0a1c2";
const otherId = "0123456789abcdef0123456789abcdef";
const cookie = phpCookie();

/** Every id that PHP can create: 22 to 256 characters of its largest alphabet. */
const ids = fc
  .array(fc.constantFrom(..."0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ,-"), {
    minLength: 22,
    maxLength: 256,
  })
  .map((characters) => characters.join(""));

describe("the session cookie of PHP", () => {
  test("is read among others, whatever its name", async () => {
    expect(cookie.name).toBe("PHPSESSID");
    expect(await cookie.parse(`PHPSESSID=${id}`)).toBe(id);
    expect(await cookie.parse(`a=1; PHPSESSID="${id}";b=2`)).toBe(id);
    expect(await phpCookie({ name: "shop" }).parse(`PHPSESSID=${otherId}; shop=${id}`)).toBe(id);
    expect(await cookie.parse(`shop=${id}`)).toBeUndefined();
  });

  test("carries any id that PHP creates, encoded as PHP encodes it", async () => {
    const property = fc.asyncProperty(ids, async (any) => {
      expect(await cookie.parse(`PHPSESSID=${encodeURIComponent(any)}`)).toBe(any);
    });
    await fc.assert(property, { examples: [["a".repeat(22)], [",-".repeat(128)]] });
  });

  test.each([
    ["that PHP deletes", "deleted"],
    ["that is empty", ""],
    ["of 21 characters", "a".repeat(21)],
    ["of 257 characters", "a".repeat(257)],
    ["with a path", `../../${id}`],
    ["with another prefix", `sf_s:${id}`],
    ["with a percent sign that encodes nothing", `${id}%`],
    ["that is encoded twice", encodeURIComponent(encodeURIComponent(`${id},`))],
    ["with a blank", `${id}%20`],
    ["with a line end", `${id}%0A`],
    ["with a NUL", `${id}%00`],
    ["with a letter beyond ASCII", `${id}%C3%A9`],
  ])("one %s carries no id", async (_, value) => {
    expect(await cookie.parse(`PHPSESSID=${value}`)).toBeUndefined();
    expect(await cookie.parseAll(`PHPSESSID=${value}`)).toEqual([]);
  });

  test("yields no id if there are different ones, and all of them on demand", async () => {
    const header = `PHPSESSID=${id}; PHPSESSID=${otherId}; PHPSESSID=${id}`;
    expect(await cookie.parse(header)).toBeUndefined();
    expect(await cookie.parseAll(header)).toEqual([id, otherId]);
    expect(await cookie.parse(`PHPSESSID=${id}; PHPSESSID=deleted; PHPSESSID=${id}`)).toBe(id);
  });

  test("is absent: no id; a header that is no text is refused", async () => {
    expect(await cookie.parse(undefined)).toBeUndefined();
    expect(await cookie.parse(null)).toBeUndefined();
    await expect(cookie.parse(7 as unknown as string)).rejects.toThrow(TypeError);
  });

  test("has a name that a cookie can have, and no other options", () => {
    for (const name of ["", "a b", "a=b", "é", 7]) expect(() => phpCookie({ name } as never)).toThrow(TypeError);
    expect(() => phpCookie({ secrets: ["a"] } as never)).toThrow(TypeError);
  });
});
