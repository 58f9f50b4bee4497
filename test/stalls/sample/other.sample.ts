import { expect, test } from "vitest";
import { standStill } from "./stand-still.ts";

let tries = 0;

test("of something else, fails while the machine stands still", async () => {
  tries += 1;
  await standStill(300);
  expect(tries).toBe(2);
});
