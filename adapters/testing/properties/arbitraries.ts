import fc from "fast-check";
import { confusablePairs } from "../laws/confusable-ids.ts";
import type { Fault } from "../with-faults.ts";

/**
 * Generates two ids that a store might confuse.
 *
 * @public
 */
export function confusableIds(): fc.Arbitrary<readonly [string, string]> {
  return fc.constantFrom(...confusablePairs);
}

/**
 * Generates any id that a handler accepts: 1 to 1024 UTF-16 units without unpaired surrogates.
 *
 * @public
 */
export function ids(): fc.Arbitrary<string> {
  const letter = fc.oneof(
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0xffff }),
    fc.integer({ min: 0x10000, max: 0x10ffff }),
  );
  const any = fc.array(letter, { minLength: 1, maxLength: 40 }).map((letters) => String.fromCodePoint(...letters));
  return fc.oneof(
    any,
    confusableIds().map(([id]) => id),
  );
}

/**
 * Generates values that no handler accepts as an id.
 *
 * @public
 */
export function invalidIds(): fc.Arbitrary<unknown> {
  return fc.constantFrom<unknown>("", "x".repeat(1025), "a\ud800b", "\udbff", 7, null, undefined, ["a"], {});
}

/**
 * Generates data that has caused errors before: empty, text with a special meaning, all bytes, invalid UTF-8, and any
 * bytes.
 *
 * @public
 */
export function payloads(): fc.Arbitrary<Uint8Array> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const known = ["", "x", "null", "{}", "1", "true", "OK", "\r\n", "\u0000", "\ufeffx"].map(encode);
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  return fc.oneof(fc.constantFrom(...known, all, Uint8Array.of(0xc3, 0x28)), fc.uint8Array({ maxLength: 64 }));
}

/**
 * Generates times to live in seconds, including the limits of stores: 1, 30 days (Memcached), 2^31 - 1.
 *
 * @public
 */
export function ttls(): fc.Arbitrary<number> {
  return fc.constantFrom(1, 2, 3, 60, 2_591_999, 2_592_000, 2_592_001, 2 ** 31 - 1);
}

/**
 * Generates values that no handler accepts as a time to live.
 *
 * @public
 */
export function invalidTtls(): fc.Arbitrary<unknown> {
  return fc.constantFrom<unknown>(0, -1, 0.5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "60", null);
}

/**
 * Generates plans for `withFaults`, in which most calls are left alone.
 *
 * @public
 */
export function faultPlans(): fc.Arbitrary<Fault[]> {
  const fault = fc.oneof(
    { weight: 5, arbitrary: fc.constant<Fault>("none") },
    { weight: 4, arbitrary: fc.constantFrom<Fault>("refused", "lost request", "lost reply") },
    { weight: 1, arbitrary: fc.nat(50) },
  );
  return fc.array(fault, { maxLength: 30, size: "max" });
}

/**
 * Generates schedules for `createScheduler`. They shrink to the simplest one that shows the failure.
 *
 * @public
 */
export function schedules(): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(15), { maxLength: 60, size: "max" });
}
