/** Texts that claim, nest or repeat beyond all measure. Each is refused by PHP. */
export function excessiveTexts(size: number): Readonly<Record<string, string>> {
  return {
    "a string of 100 MB": 'a|s:104857600:"',
    "a string of 2^63 bytes": 'a|s:9223372036854775808:"a";',
    "an escaped string of 100 MB": 'a|S:104857600:"\\61";',
    "an array of 2^31 members": "a|a:2147483648:{i:0;N;}",
    "an array of 2^64 members": "a|a:18446744073709551617:{i:0;N;}",
    "an object of 2^31 properties": 'a|O:8:"stdClass":2147483648:{}',
    "a class name of 100 MB": 'a|O:104857600:"a":0:{}',
    "a payload of 100 MB": 'a|C:4:"None":104857600:{}',
    "a case of 100 MB": 'a|E:104857600:"A:B";',
    "a reference to 2^63": "a|R:9223372036854775808;",
    "arrays within arrays": `a|${"a:1:{i:0;".repeat(size / 9)}`,
    "arrays within arrays to the end": `a|${"a:1:{i:0;".repeat(size / 10)}N;${"}".repeat(size / 10)}`,
    "objects within objects": `a|${'O:8:"stdClass":1:{s:1:"a";'.repeat(size / 26)}`,
    "arrays that claim members for all that follows": `a|${`a:${Math.trunc(size / 20)}:{i:0;`.repeat(size / 15)}`,
    "a length of digits": `a|s:${"1".repeat(size)}:"`,
    "a length of zeros": `a|s:${"0".repeat(size)}:""`,
    "a reference of digits": `a|R:${"1".repeat(size)};`,
    "a number without an end": `a|i:${"1".repeat(size)}`,
    "a fraction without an end": `a|d:0.${"1".repeat(size)}`,
    "names without values": "a|".repeat(size / 2),
    "a name without an end": "a".repeat(size),
  };
}

/** Texts that are large and that PHP reads. */
export function largeTexts(size: number): Readonly<Record<string, string>> {
  const count = Math.trunc(size / 20);
  const list = (members: (index: number) => string) =>
    `a|a:${count}:{${Array.from({ length: count }, (_, index) => `i:${index};${members(index)}`).join("")}}`;
  return {
    "arrays within arrays as deep as PHP reads": `a|${"a:1:{i:0;".repeat(4096)}N;${"}".repeat(4096)}`,
    "an integer of digits": `a|i:${"1".repeat(size)};`,
    "a float of digits": `a|d:${"1".repeat(size / 2)}.${"1".repeat(size / 2)};`,
    "many names": "a|N;".repeat(size / 4),
    "a chain of the same object": list((index) => (index === 0 ? 'O:8:"stdClass":0:{}' : `r:${index + 1};`)),
    "a star of references": list((index) => (index === 0 ? "N;" : "R:2;")),
    "strings that are not UTF-8": list(() => 's:1:"\xff";'),
    "strings of UTF-8": list(() => 's:2:"\xc3\xa9";'),
    "keys that are not UTF-8": `a|a:${count}:{${Array.from({ length: count }, (_, index) => `s:9:"\xff${String(index).padStart(8, "0")}";N;`).join("")}}`,
    "the same key": `a|a:${count}:{${'s:1:"a";N;'.repeat(count)}}`,
    payloads: list(() => 'C:4:"None":0:{}'),
    "a long string": `a|s:${size}:"${"a".repeat(size)}";`,
    "an escaped string": `a|S:${Math.trunc(size / 3)}:"${"\\61".repeat(size / 3)}";`,
  };
}
