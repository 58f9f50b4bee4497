import { closeCodes, reconnectAfter } from "sessionwire/sockets";
import { describe, expect, test } from "vitest";

describe("a page whose socket was closed", () => {
  test.each([
    ["ended", "never"],
    ["closing", "later"],
    ["unavailable", "later"],
    ["moved", "now"],
    ["silent", "later"],
    ["tooFast", "later"],
  ] as const)("because of %s connects again %s", (name, when) => {
    expect(reconnectAfter(closeCodes[name])).toBe(when);
  });

  test("by itself, or for what it has sent, does not connect again", () => {
    for (const code of [1000, 1002, 1003, 1007, 1009]) expect(reconnectAfter(code)).toBe("never");
  });

  test("by the network or an error of the server connects again later", () => {
    for (const code of [1005, 1006, 1011, 1012, 1014, 1015]) expect(reconnectAfter(code)).toBe("later");
  });
});
