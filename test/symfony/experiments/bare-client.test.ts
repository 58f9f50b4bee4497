import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as saveHandlers from "./save-handlers.ts";
import { type StoresAndPhp, startStoresAndPhp } from "./stores-and-php.ts";
import * as trials from "./trials.ts";
import { bareWriter } from "./writer.ts";

let parts: StoresAndPhp;
beforeAll(async () => {
  parts = await startStoresAndPhp();
});
afterAll(() => parts?.[Symbol.asyncDispose]());

describe.each(Object.values(saveHandlers))("beside $name, a client without conditions", (saveHandler) => {
  const sceneOf = () => ({ ...parts, saveHandler, writer: bareWriter(saveHandler, parts.sessions) });

  test("overwrites what PHP has written since it read the session", async () => {
    expect(await trials.requestDuringWrite(sceneOf())).toEqual({ php: 1, node: 0 });
  });

  test("brings back a session that PHP has signed out", async () => {
    expect(await trials.isRevivedAfterSignOut(sceneOf())).toBe(true);
  });

  test("brings back the session of an id that PHP has given up at a sign-in", async () => {
    expect(await trials.writeAfterSignIn(sceneOf())).toEqual({ isOldThere: true, isWritten: false });
  });
});
