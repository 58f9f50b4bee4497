/** Returns a whole number from 0 to below another one. */
export type NextNumber = (below: number) => number;

/** Changes the text of a session a little, so that it is often still one. */
export function mutate(session: Uint8Array, next: NextNumber): Uint8Array {
  const mutations = [
    replaceByte,
    replaceByte,
    replaceByte,
    insertByte,
    removeByte,
    replaceNumber,
    replaceValue,
    copyMember,
  ];
  return (mutations[next(mutations.length)] as typeof replaceByte)(session, next);
}

/** Bytes that mean something in the text. */
const meaningful = 'sSiadbNOCErR:;"{}+-.eE0123456789|';

function anyByte(next: NextNumber): number {
  return next(3) > 0 ? meaningful.charCodeAt(next(meaningful.length)) : next(256);
}

function replaceByte(session: Uint8Array, next: NextNumber): Uint8Array {
  const bytes = session.slice();
  bytes[next(bytes.length)] = anyByte(next);
  return bytes;
}

function insertByte(session: Uint8Array, next: NextNumber): Uint8Array {
  const at = next(session.length + 1);
  return Buffer.concat([session.subarray(0, at), Buffer.from([anyByte(next)]), session.subarray(at)]);
}

function removeByte(session: Uint8Array, next: NextNumber): Uint8Array {
  const at = next(session.length);
  return Buffer.concat([session.subarray(0, at), session.subarray(at + 1)]);
}

const numbers = ["0", "1", "2", "3", "4", "5", "6", "7", "10", "-1", "+2", "007", "4294967296", "18446744073709551617"];

function replaceNumber(session: Uint8Array, next: NextNumber): Uint8Array {
  return replaceOne(session, /\d+/g, numbers, next);
}

/** Values of every kind, in forms that PHP writes, that it only reads, and that it refuses. */
const values = [
  ...["N;", "n;", "N:;", "b:0;", "b:1;", "b:2;", "b:01;", "b:;", "b:true;"],
  ...["i:0;", "i:-0;", "i:+5;", "i:05;", "i:-007;", "i:;", "i:-;", "i:+-1;", "i:1.5;", "i: 1;", "i:1e3;", "i:0x1;"],
  ...["i:9007199254740991;", "i:9007199254740992;", "i:9223372036854775807;", "i:9223372036854775808;"],
  ...["i:-9223372036854775808;", "i:-9223372036854775809;", "i:18446744073709551617;", `i:${"9".repeat(40)};`],
  ...["d:0;", "d:-0;", "d:.5;", "d:5.;", "d:.;", "d:-.5;", "d:+1;", "d:1e5;", "d:1E5;", "d:1.e5;", "d:.1e+5;", "d:1e;"],
  ...["d:1e-5;", "d:--1;", "d:1e400;", "d:-1e400;", "d:1e-400;", "d:5e-324;", "d:INF;", "d:-INF;", "d:+INF;", "d:NAN;"],
  ...["d:-NAN;", "d:inf;", "d:nan;", "d:0x1;", "d: 1;", "d:1 ;", `d:0.${"1".repeat(400)};`, `d:${"1".repeat(400)};`],
  ...["d:0.10000000000000001;", "d:2.2250738585072011e-308;", "d:1.7976931348623159e308;", "d:123456789012345;"],
  ...['s:1:"a";', 's:01:"a";', 's:+1:"a";', 's:-1:"a";', "s:1:a;", 's:2:"a";', 's:0:"a";', 's:1:"é";', 's:2:"é";'],
  ...['s:18446744073709551617:"a";', 's:18446744073709551616:"";', "s:1:'a';", 's:1:"a"', 's:1:"a":', 's::"a";'],
  ...[
    'S:1:"a";',
    'S:1:"\\61";',
    'S:2:"\\61b";',
    'S:1:"\\6g";',
    'S:1:"\\";',
    'S:1:"\\C3";',
    'S:2:"\\c3\\a9";',
    'S:4:"\\61";',
  ],
  ...[
    "a:0:{}",
    "a:0:{};",
    "a:+0:{}",
    "a:00:{}",
    "a::{}",
    "a:1:{}",
    "a:-1:{}",
    "a:1:{i:0;N;}",
    "a:1:{N;N;}",
    "a:1:{d:1;N;}",
  ],
  ...["a:1:{b:1;N;}", 'a:1:{s:1:"1";N;}', 'a:1:{S:1:"\\31";N;}', "a:1:{i:+1;N;}", "a:1:{i:-0;N;}", 'a:1:{s:2:"-0";N;}'],
  ...['a:2:{i:1;N;s:1:"1";b:1;}', "a:2:{i:0;i:1;i:0;i:2;}", "a:1:{a:0:{}N;}", "a:1:{r:1;N;}", "a:1:{i:0;N;i:1;N;}"],
  ...['a:1:{s:20:"-9223372036854775808";N;}', 'a:1:{s:19:"9223372036854775808";N;}', 'a:1:{s:3:"1.0";N;}'],
  ...[
    'O:8:"stdClass":0:{}',
    'O:8:"stdClass":00:{}',
    'O:8:"stdClass":+0:{}',
    'O:8:"stdClass":-0:{}',
    'O:8:"stdClass"::{}',
  ],
  ...['O:8:"stdClass":1:{i:5;N;}', 'O:8:"stdClass":1:{s:1:"5";N;}', 'O:8:"stdClass":1:{N;N;}', 'O:+8:"stdClass":0:{}'],
  ...[
    'O:8:"stdClass":2:{i:5;N;s:1:"5";b:1;}',
    'O:8:"stdClass":-1:{}',
    'O:0:"":0:{}',
    'O:1:"\\":0:{}',
    'O:2:"\\A":0:{}',
  ],
  ...[
    'O:1:"1":0:{}',
    'O:3:"a-b":0:{}',
    'O:3:"a b":0:{}',
    'O:2:"é":0:{}',
    'O:1:"\x7f":0:{}',
    'O:4:"None":0:{}',
    'O:1:"\0":0:{}',
  ],
  ...['C:4:"None":0:{}', 'C:4:"None":1:{}', 'C:4:"None":-0:{}', 'C:4:"None"::{}', 'C:4:"None":1:{a};', 'E:4:"None";'],
  ...['E:6:"None:A";', 'E:5:":None";', "r:1;", "r:2;", "r:3;", "r:4;", "R:1;", "R:2;", "R:3;", "R:4;", "r:0;", "R:0;"],
  ...["r:+1;", "R:-1;", "r:01;", "r:18446744073709551617;", "R:18446744073709551618;", "}", ";", "", "x:1;"],
];

function replaceValue(session: Uint8Array, next: NextNumber): Uint8Array {
  return replaceOne(session, /N;|[bid]:[^;:{}"]*;|s:\d+:"[^"]*";|a:0:\{\}|[rR]:\d+;/g, values, next);
}

function replaceOne(session: Uint8Array, pattern: RegExp, by: readonly string[], next: NextNumber): Uint8Array {
  const text = Buffer.from(session).toString("latin1");
  const matches = [...text.matchAll(pattern)];
  const match = matches[next(matches.length)];
  if (match === undefined) return session;
  const replaced = `${text.slice(0, match.index)}${by[next(by.length)]}${text.slice(match.index + match[0].length)}`;
  return Buffer.from(replaced, "latin1");
}

/** Repeats the first member of an array, which then has one more. */
function copyMember(session: Uint8Array, next: NextNumber): Uint8Array {
  const text = Buffer.from(session).toString("latin1");
  const matches = [...text.matchAll(/a:(\d+):\{((?:i:\d+;|s:\d+:"[^"]*";)(?:[idb]:[^;:{}"]*;|N;))/g)];
  const match = matches[next(matches.length)];
  if (match === undefined) return session;
  const [all, count, member] = match;
  const opened = `a:${Number(count) + 1}:{${member}${member}`;
  return Buffer.from(`${text.slice(0, match.index)}${opened}${text.slice(match.index + all.length)}`, "latin1");
}
