// @module-tag real-time

import { expect, test } from "vitest";
import { standStill } from "./stand-still.ts";

let [stalled, running] = [0, 0];

test("of real time, fails while the machine stands still", async () => {
  stalled += 1;
  if (stalled === 1) await standStill(300);
  expect(stalled).toBe(2);
});

test("of real time, fails while the machine runs", () => {
  running += 1;
  expect(running).toBe(2);
});
