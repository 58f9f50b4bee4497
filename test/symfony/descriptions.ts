import fc from "fast-check";
import type { PhpSerializer } from "../../adapters/symfony/php-text/session.ts";

/** A value that can be built in PHP and here, as meaning.ts describes it. Shared variables stand in members only. */
export type Described =
  | readonly ["null"]
  | readonly ["boolean", boolean]
  | readonly ["integer" | "float" | "string" | "bytes", string]
  | readonly ["array", DescribedMembers]
  | readonly ["object", string, DescribedMembers | string]
  | readonly ["enum", string, string]
  | readonly ["same object", number]
  | readonly ["variable", number, Described]
  | readonly ["same variable", number];

/** A key is `integer 1`, `string a` or `bytes /w==`. */
export type DescribedMembers = readonly (readonly [string, Described])[];

const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 80 }) },
  { weight: 1, arbitrary: fc.string({ minLength: 50, maxLength: 200 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('"', '";', 's:1:"a";', "a:0:{}", "|", "é", "\u{1f600}", "\ufeff", "\0", "}"),
  },
);

const bytes = fc.uint8Array({ maxLength: 40 }).map(describeBytes);

function describeBytes(bytes: Uint8Array): readonly ["string" | "bytes", string] {
  const decoded = Buffer.from(bytes).toString("utf8");
  const isText = Buffer.from(decoded, "utf8").equals(bytes);
  return isText ? ["string", decoded] : ["bytes", Buffer.from(bytes).toString("base64")];
}

const edges = [0n, 1n, -1n, 2n ** 31n, 2n ** 53n, -(2n ** 53n), 2n ** 53n - 1n, 2n ** 63n - 1n, -(2n ** 63n)];
const integer = fc
  .oneof(fc.integer().map(BigInt), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(...edges))
  .map(String);

/** Numbers near the places where PHP changes its notation, and where digits are rounded. */
const nearPowers = fc
  .tuple(fc.integer({ min: -330, max: 309 }), fc.constantFrom("1", "9.999999999999999", "1.2345678901234567", "5"))
  .map(([exponent, mantissa]) => Number(`${mantissa}e${exponent}`));
const bits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((pattern) => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64BE(pattern);
  return buffer.readDoubleBE();
});
const float = fc
  .oneof(
    fc.double(),
    bits,
    nearPowers,
    fc.integer().map(Number),
    fc.tuple(fc.integer(), fc.nat(8)).map(([digits, places]) => digits / 10 ** places),
    fc.constantFrom(0, -0, Number.MIN_VALUE, Number.MAX_VALUE, 2.2250738585072014e-308, 1e17, 1e16, 0.0001, 0.00001),
  )
  .map(hexOf);

function hexOf(value: number): string {
  if (Number.isNaN(value)) return "nan";
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleBE(value);
  return buffer.toString("hex");
}

/** Keys near those that become integers. */
const key = fc.oneof(
  text.map((name) => `string ${name}`),
  bytes.map(([kind, name]) => `${kind} ${name}`),
  integer.map((number) => `integer ${number}`),
  fc.nat(5).map((number) => `integer ${number}`),
  integer.map((number) => `string ${number}`),
  fc
    .constantFrom("", "0", "-0", "00", "042", "-1", "+1", " 1", "1 ", "1.0", "1e3", "-", "--1", "9223372036854775807")
    .map((name) => `string ${name}`),
  fc
    .constantFrom("9223372036854775808", "-9223372036854775808", "-9223372036854775809", "99999999999999999999")
    .map((name) => `string ${name}`),
);

/** The words of a key that may be the same integer as those of another. */
const nameOfKey = (key: string): string => key.replace(/^(integer|string) /, "");

/** A value whose references are only wishes, because their targets are known once it is complete. */
type Wished =
  | Exclude<Described, readonly ["array" | "object", ...unknown[]]>
  | readonly ["array", readonly (readonly [string, Wished])[]]
  | readonly ["object", string, readonly (readonly [string, Wished])[] | string]
  | readonly ["wished object" | "wished variable", number]
  | readonly ["shared", Wished];

const { value: wished } = fc.letrec<{ value: Wished; leaf: Wished; members: (readonly [string, Wished])[] }>((tie) => ({
  leaf: fc.oneof(
    fc.constant(["null"] as const),
    fc.boolean().map((value) => ["boolean", value] as const),
    integer.map((value) => ["integer", value] as const),
    float.map((value) => ["float", value] as const),
    text.map((value) => ["string", value] as const),
    bytes,
    fc.constantFrom("Hearts", "Spades").map((name) => ["enum", "App\\Suit", name] as const),
    fc.string({ maxLength: 20 }).map((payload) => ["object", "App\\Payload", payload] as const),
    fc.nat().map((pick) => ["wished object", pick] as const),
    fc.nat().map((pick) => ["wished variable", pick] as const),
  ),
  members: fc.oneof(
    fc.uniqueArray(fc.tuple(key, tie("value")), { maxLength: 6, selector: ([name]) => nameOfKey(name) }),
    fc
      .array(tie("value"), { maxLength: 6 })
      .map((list) => list.map((value, index) => [`integer ${index}`, value] as const)),
  ),
  value: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    tie("leaf"),
    tie("members").map((members) => ["array", members] as const),
    tie("members").map((members) => ["object", "App\\Own", members] as const),
    tie("members").map((members) => ["object", "stdClass", members.map(asPublic)] as const),
    fc
      .tuple(tie("value"), tie("value"), tie("value"))
      .map(([open, guarded, own]) => ["object", "App\\Closed", closedMembers(open, guarded, own)] as const),
    tie("value").map((value) => ["shared", value] as const),
  ),
}));

function closedMembers(open: Wished, guarded: Wished, own: Wished): readonly (readonly [string, Wished])[] {
  return [
    ["string open", open],
    ["string \0*\0guarded", guarded],
    ["string \0App\\Closed\0own", own],
  ];
}

/** A NUL at the start of a name is for those that are not public. */
function asPublic([key, value]: readonly [string, Wished], index: number): readonly [string, Wished] {
  const isPlain = key.startsWith("string ") && !key.includes("\0");
  return [isPlain ? key : `string p${index}${key.replace(/\0/g, "")}`, value];
}

/** A session that PHP can build and store by this serializer. */
export function sessionMembers(serializer: PhpSerializer): fc.Arbitrary<DescribedMembers> {
  const name =
    serializer === "php_serialize"
      ? key
      : text
          .filter((text) => !/^(0|-?[1-9]\d*)$/.test(text))
          .filter((text) => (serializer === "php" ? !text.includes("|") : Buffer.byteLength(text) <= 127))
          .map((text) => `string ${text}`);
  return fc
    .uniqueArray(fc.tuple(name, wished), { maxLength: 5, selector: ([each]) => nameOfKey(each) })
    .map((members) => granted(members));
}

/** A value that PHP can build, with a shared variable only inside. */
export const describedValue: fc.Arbitrary<Described> = wished.map(
  (value) => ["array", granted([["integer 0", value]])] as const,
);

/** Puts what is there in the place of wishes, in reading order. */
function granted(members: readonly (readonly [string, Wished])[]): DescribedMembers {
  let objects = 0;
  let variables = 0;
  return grantMembers(members);

  function grantMembers(members: readonly (readonly [string, Wished])[]): DescribedMembers {
    return members.map(([key, value]) => [key, grant(value)]);
  }

  function grant(value: Wished): Described {
    switch (value[0]) {
      case "array":
        return ["array", grantMembers(value[1])];
      case "object": {
        objects += 1;
        const members = value[2];
        return ["object", value[1], typeof members === "string" ? members : grantMembers(members)];
      }
      case "wished object":
        return objects === 0 ? ["null"] : ["same object", value[1] % objects];
      case "wished variable":
        return variables === 0 ? ["null"] : ["same variable", 1 + (value[1] % variables)];
      case "shared":
        return share(value[1]);
      default:
        return value;
    }
  }

  function share(value: Wished): Described {
    if (value[0] === "shared") return share(value[1]);
    // PHP writes a repeated object as `R:` if it is in a shared variable.
    const isLeftOut = value[0] === "wished object" || value[0] === "wished variable" || value[0] === "enum";
    variables += 1;
    return ["variable", variables, isLeftOut ? ["null"] : grant(value)];
  }
}
