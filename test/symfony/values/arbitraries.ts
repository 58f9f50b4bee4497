import fc from "fast-check";

const latin1 = fc
  .array(fc.nat(255), { maxLength: 6 })
  .map((bytes) => bytes.map((byte) => String.fromCharCode(byte)).join(""))
  .filter((text) => !text.includes("~"));
const text = latin1.map((each) => `s:${each.length}:"${each}";`);
const integer = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
const key = fc.oneof(
  integer.map((each) => `i:${each};`),
  text,
  fc.constantFrom('s:1:"1";', 's:2:"-1";', 's:2:"01";'),
);
const scalar = fc.oneof(
  fc.constantFrom("N;", "b:0;", "b:1;", "d:1;", "d:-0;", "d:1.50;", "d:INF;", "d:NAN;", "d:1e3;", "i:+5;"),
  integer.map((each) => `i:${each};`),
  fc.double().map((each) => `d:${String(each).replace("Infinity", "INF").replace("NaN", "NAN")};`),
  text,
);

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    scalar,
    fc.array(fc.tuple(key, tie("value")), { maxLength: 5 }).map((members) => withMembers("a", members)),
    fc.array(tie("value"), { maxLength: 5 }).map((items) => withMembers("a", items.map(withIndex))),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 3 }).map((members) => withMembers('O:1:"A"', members)),
    fc.constantFrom('E:3:"A:B";', 'C:1:"A":2:{xy}'),
  ),
}));

/** Texts that PHP accepts, without references; each character stands for a byte. */
export const phpTexts: fc.Arbitrary<string> = value;

function withIndex(item: string, index: number): [string, string] {
  return [`i:${index};`, item];
}

function withMembers(head: string, members: readonly (readonly [string, string])[]): string {
  return `${head}:${members.length}:{${members.flat().join("")}}`;
}
