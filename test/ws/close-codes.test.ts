import { closeCodes, shouldReconnect } from "sessionwire/sockets";
import { describe, expect, test } from "vitest";

describe("a page whose socket was closed", () => {
  test.each([
    ["ended", false],
    ["closing", true],
    ["unavailable", true],
    ["moved", true],
    ["silent", true],
    ["tooFast", true],
  ] as const)("because of %s connects again: %s", (name, again) => {
    expect(shouldReconnect(closeCodes[name])).toBe(again);
  });

  test("by itself, or for its own messages, does not connect again", () => {
    for (const code of [1000, 1002, 1003, 1007, 1009, 1010]) expect(shouldReconnect(code)).toBe(false);
  });

  test("by the network or an error of the server connects again", () => {
    for (const code of [1005, 1006, 1011, 1012, 1014, 1015]) expect(shouldReconnect(code)).toBe(true);
  });
});
