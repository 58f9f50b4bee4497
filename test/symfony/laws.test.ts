import { createSessionManager } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { phpFormat, symfonyFormat } from "sessionwire/symfony";
import { type ConformanceCase, defineCases, sessionCases } from "sessionwire/testing";
import { describe, expect, it, test } from "vitest";

/** All formats of PHP, by what they are. */
const formats: Readonly<Record<string, () => SessionFormat>> = Object.fromEntries(
  (["php", "php_binary", "php_serialize"] as const).flatMap((serializer) => [
    [`of Symfony by "${serializer}"`, () => symfonyFormat({ serializer })],
    [
      `of Symfony with flashes that expire, by "${serializer}"`,
      () => symfonyFormat({ serializer, autoExpireFlashes: true }),
    ],
    [`of PHP by "${serializer}"`, () => phpFormat({ serializer })],
  ]),
);

for (const [name, createFormat] of Object.entries(formats)) {
  defineCases(`sessions ${name}`, casesIn(createFormat), { describe, it });
}

test("a format of Symfony skips what needs tokens, forwards, ends or limits of its own, and empty objects", () => {
  expect(reasonsIn(() => symfonyFormat({ serializer: "php" }))).toEqual([
    "the format adopts ids",
    "the format has no empty objects, and no halves of surrogate pairs",
    "the format keeps no forwards",
    "the format keeps no forwards, or ids in its keys",
    "the format keeps no tokens",
    "the format knows no lifetime",
    "the format stores no ends of attributes",
    "the format stores no ids of messages",
    "the format stores no limits of one session",
  ]);
});

test("a format of PHP without Symfony skips messages as well", () => {
  const more = reasonsIn(() => phpFormat({ serializer: "php" })).filter(
    (reason) => !reasonsIn(() => symfonyFormat({ serializer: "php" })).includes(reason),
  );
  expect(more).toEqual(["the format stores no messages"]);
});

test("every law from 80 to 102 has a case that a format of Symfony runs", () => {
  const run = casesIn(() => symfonyFormat({ serializer: "php" })).filter(({ skipped }) => skipped === undefined);
  const laws = new Set(run.map(({ law }) => law));
  const all = Array.from({ length: 102 - 80 + 1 }, (_, index) => 80 + index);
  expect(all.filter((law) => !laws.has(law))).toEqual([]);
});

function casesIn(createFormat: () => SessionFormat): ConformanceCase[] {
  return sessionCases({ createManager: createSessionManager, createFormat });
}

function reasonsIn(createFormat: () => SessionFormat): (string | undefined)[] {
  return [...new Set(casesIn(createFormat).flatMap(({ skipped = [] }) => skipped))].sort();
}
