import { afterAll, beforeAll, expect, test } from "vitest";
import { sessionFixture } from "../fixtures.ts";
import { type PhpOpener, startPhpOpener } from "./php-opener.ts";

let opener: PhpOpener;

beforeAll(async () => {
  opener = await startPhpOpener();
});
afterAll(() => opener?.[Symbol.asyncDispose]());

/** Lets PHP compare a recorded session with another text of it. */
function compare(name: string, change: (text: string) => string, attributes: readonly string[] = []) {
  const { session } = sessionFixture(name);
  const after = Buffer.from(change(Buffer.from(session).toString("latin1")), "latin1");
  return opener.differences("php", session, after, {
    attributes: new Set(attributes),
    flashes: new Set(),
    hasCopies: false,
  });
}

test("PHP finds no difference between a session and itself", async () => {
  expect(await compare("kitchen", (text) => text)).toEqual([]);
});

test("PHP destroys a session that lacks a byte", async () => {
  const ends = await compare("kitchen", (text) => text.slice(0, -1));
  expect(ends).toEqual(["PHP destroys the session after the edit"]);
});

test("PHP finds a value that is of another type, unless it was edited", async () => {
  const change = (text: string) => text.replace('"i";i:1;', '"i";d:1;');
  expect(await compare("kitchen", change)).toContain("a value of _sf2_attributes, or their order");
  expect(await compare("kitchen", change, ["i"])).toEqual([]);
});

test("PHP finds bytes that mean the same as before", async () => {
  const differences = await compare("kitchen", (text) => text.replace('"f";d:2.5;', '"f";d:2.50;'));
  expect(differences).toEqual(["the bytes of _sf2_attributes name f"]);
});

test("PHP finds an object that two attributes do not share any more", async () => {
  const differences = await compare("kitchen", (text) => text.replace('"o2";r:12;', `"o2";${cart}`));
  expect(differences).toEqual(["what values of _sf2_attributes share"]);
});

const cart =
  'O:8:"App\\Cart":4:{s:8:"currency";s:3:"EUR";s:8:"\0*\0items";a:1:{s:1:"A";i:1;}s:15:"\0App\\Cart\0total";i:5;s:14:"\0App\\Cart\0note";N;}';
