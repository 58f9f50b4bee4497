import { describe, expect, test } from "vitest";
import type { PhpNode } from "../../adapters/symfony/php-text/nodes.ts";
import { readSession } from "../../adapters/symfony/php-text/reader.ts";
import { encodeSession } from "../../adapters/symfony/php-text/session-writer.ts";
import { sessionFixtures, textFixtures } from "./fixtures.ts";
import { describeMeaning, describeSession } from "./meaning.ts";
import { withoutPositions } from "./without-positions.ts";

describe.each(textFixtures.map((fixture) => [fixture.name, fixture] as const))("the session %s", (_, fixture) => {
  const session = readSession(fixture.session, fixture.serializer);

  test("means what it means in PHP", () => {
    expect(describeSession(session)).toEqual(describeMeaning(fixture.php));
  });

  test("is written as PHP writes it, also from values without their positions", () => {
    const entries = session.entries.map(({ key, value }) => ({ key, value: withoutPositions(value), start: 0 }));
    const written = encodeSession({ serializer: fixture.serializer, entries });
    if (fixture.phpReencodesIdentically) expect(latin1(written)).toBe(latin1(fixture.session));
    else expect(describeSession(readSession(written, fixture.serializer))).toEqual(describeMeaning(fixture.php));
  });

  test("consists of the bytes of its members", () => {
    const parts = session.entries.map(({ start, value }) => latin1(fixture.session.subarray(start, value.end)));
    const isArray = fixture.serializer === "php_serialize";
    const outside = isArray ? [`a:${parts.length}:{`, "}"] : ["", ""];
    expect(`${outside[0]}${parts.join("")}${outside[1]}`).toBe(latin1(fixture.session));
    for (const { value } of session.entries) expect(startsInside(value)).toBe(true);
  });
});

/** Checks that each member begins where the one before it has ended. */
function startsInside(node: PhpNode): boolean {
  const members = membersOf(node);
  return members.every(
    ({ start, value }, index) =>
      (index === 0 || start === members[index - 1]?.value.end) &&
      start < value.start &&
      value.end < node.end &&
      startsInside(value),
  );
}

function membersOf(node: PhpNode) {
  if (node.kind === "array") return node.entries;
  return node.kind === "object" ? node.properties : [];
}

describe("of what PHP stores in another form,", () => {
  test.each([
    ["kitchen--igbinary", "igbinary"],
    ["str-ascii--igbinary", "igbinary"],
    ["ref-r-same-object--igbinary", "igbinary"],
    ["redis-opt-serializer-php", "OPT_SERIALIZER"],
    ["redis-opt-serializer-json", "OPT_SERIALIZER"],
    ["redis-opt-compression-zstd", "zstd"],
    ["marshal-deflate--memcached", ""],
    ["marshal-sodium", ""],
    ["memcached-fastlz", ""],
    ["memcached-zlib", ""],
  ])("%s is refused", (name, word) => {
    const fixture = sessionFixtures.find((each) => each.name === name);
    const refusal = thrownBy(() => readSession(fixture?.stored ?? new Uint8Array(), "php"));
    expect(refusal).toMatchObject({ code: "corrupt", message: expect.stringContaining(word) });
  });

  // In `obj-readonly`, a value happens to follow 95 bytes, and the first one is a 95: PHP would read it as well.
  const unlikeOthers = textFixtures.filter(({ name }) => name !== "obj-readonly");
  test.each(unlikeOthers.map((fixture) => [fixture.name, fixture] as const))(
    "%s is refused by the other serializers",
    (_, { session, serializer }) => {
      for (const other of (["php", "php_binary", "php_serialize"] as const).filter((each) => each !== serializer)) {
        expect(thrownBy(() => readSession(session, other))).toMatchObject({ code: "corrupt" });
      }
    },
  );
});

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
