import fc from "fast-check";
import type { Mood } from "./fuzz-store.ts";

/** A line of the head, with the name as it is written. */
export type Line = readonly [name: string, value: string];

/** A handshake as a stranger may make it, and the mood of the store meanwhile. */
export interface Attempt {
  readonly lines: readonly Line[];
  readonly mood: Mood;
  /** What follows the head in one piece with it: texts in frames, or rubbish. */
  readonly early: readonly string[] | string;
  /** After how many bytes each packet ends. */
  readonly packets: readonly number[];
  /** After how many bytes the client leaves. */
  readonly cutAfter: number | undefined;
  readonly isReset: boolean;
}

/** What a client may have, all of them signed: the cookie of a session, that of another one, and that of one that has ended. */
export interface Cookies {
  readonly good: string;
  readonly planted: string;
  readonly ended: string;
}

export const origin = "http://app.example";

export function attempts({ good, planted, ended }: Cookies): fc.Arbitrary<Attempt> {
  const forged = `${good.slice(0, -1)}${good.endsWith("A") ? "E" : "A"}`;
  const forgeries = (count: number) => Array.from({ length: count }, (_, place) => `${forged}${place}`);
  const headers = fc.record({
    Origin: line([origin], ["null"], ["https://evil.example"], [`${origin}/`], [], [origin, "https://evil.example"]),
    Cookie: line(
      [good],
      [],
      [forged],
      [ended],
      [planted],
      [forged, good],
      [good, good],
      [good, planted],
      [`${ended}; ${good}`],
      [`a=1; ${good}; b="2`],
      [`a=${"b".repeat(5000)}; ${good}`],
      [good.slice(0, -1)],
      [...forgeries(7), good],
      [...forgeries(8), good],
    ),
    Upgrade: line(["websocket"], ["WebSocket"], ["h2c"], ["websocket, foo"]),
    "Sec-WebSocket-Version": line(["13"], ["8"], ["12"], ["x"], [], ["13", "13"]),
    "Sec-WebSocket-Key": line(["dGhlIHNhbXBsZSBub25jZQ=="], [], ["short"], ["dGhlIHNhbXBsZSBub25jZQ== "]),
    Connection: line(["Upgrade"], ["upgrade"], ["keep-alive, Upgrade"]),
    Host: line(["app.example"]),
    Other: line([], ["1"], ["1", "2"]),
  });
  return fc.record({
    lines: headers
      .chain((values) => fc.tuple(shuffled(Object.entries(values)), fc.infiniteStream(fc.boolean())))
      .map(([entries, isUpper]) => linesOf(entries, isUpper)),
    mood: mostly<Mood>("none", "failing", "silent", 100, 4900, 5100),
    early: fc.oneof(
      { weight: 2, arbitrary: fc.array(fc.string({ maxLength: 20 }), { maxLength: 5 }) },
      { weight: 1, arbitrary: fc.string({ minLength: 1 }) },
    ),
    packets: fc.array(fc.nat(200), { maxLength: 5 }),
    cutAfter: fc.option(fc.nat(600), { nil: undefined, freq: 4 }),
    isReset: fc.boolean(),
  });
}

/** The right one most of the time, so that most attempts are wrong in one way, or in none. */
function mostly<Value>(right: Value, ...others: Value[]): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 2 + 4 * others.length, arbitrary: fc.constant(right) },
    { weight: others.length, arbitrary: fc.constantFrom(right, ...others) },
  );
}

/** The values of the lines of one name. */
function line(right: readonly string[], ...others: (readonly string[])[]): fc.Arbitrary<readonly string[]> {
  return mostly(right, ...others);
}

function shuffled<Value>(values: Value[]): fc.Arbitrary<Value[]> {
  return fc.shuffledSubarray(values, { minLength: values.length });
}

function linesOf(entries: [string, readonly string[]][], isUpper: Iterator<boolean>): Line[] {
  return entries.flatMap(([name, values]) =>
    values.map((value): Line => [isUpper.next().value ? name.toUpperCase() : name.toLowerCase(), value]),
  );
}

/** The status that is right for an attempt that nobody cuts off. */
export function statusOf({ lines, mood }: Attempt, { good, planted, ended }: Cookies): number {
  const values = (name: string) => lines.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value);
  const isHandshake =
    values("upgrade").join().toLowerCase() === "websocket" &&
    values("sec-websocket-key").join().trim().length === 24 &&
    ["13", "8"].includes(values("sec-websocket-version").join());
  if (!isHandshake) return 400;
  if (values("origin").join() !== origin) return 403;
  const name = good.slice(0, good.indexOf("=") + 1);
  const named = new Set(
    values("cookie")
      .flatMap((value) => value.split("; "))
      .filter((each) => each.startsWith(name)),
  );
  const signed = [good, planted, ended].filter((each) => named.has(each));
  if (signed.length === 0 || named.size > 8) return 401;
  if (mood === "failing" || mood === "silent" || mood === 5100) return 503;
  if (signed.filter((each) => each !== ended).length !== 1) return 401;
  return mood === 4900 && signed.length > 1 ? 503 : 101; // after a look at each, there is no time for another one
}
