import { test } from "vitest";
import { expectPlainAnswers } from "../plain-objects.ts";
import { openScene } from "./scene.ts";

const { handler } = await openScene();

test("the answers of a handler can be spread, cloned and compared", async () => {
  await expectPlainAnswers(handler);
});
