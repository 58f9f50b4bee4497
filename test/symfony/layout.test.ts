import { describe, expect, test } from "vitest";
import { layOut } from "../../adapters/symfony/layout/lay-out.ts";
import { NOWHERE, type PhpEntry, type PhpKey, type PhpNode } from "../../adapters/symfony/php-text/nodes.ts";
import { readSession } from "../../adapters/symfony/php-text/reader.ts";
import type { PhpSerializer, PhpSession } from "../../adapters/symfony/php-text/session.ts";
import { textFixtures } from "./fixtures.ts";

const object = 'O:8:"stdClass":1:{s:1:"n";i:1;}';

function read(text: string, serializer: PhpSerializer = "php"): PhpSession {
  return readSession(new Uint8Array(Buffer.from(text, "latin1")), serializer);
}

function textOf({ bytes }: PhpSession): string {
  return Buffer.from(bytes).toString("latin1");
}

/** Lays out a session with other members; a name that it does not have is new. */
function edit(session: PhpSession, members: Readonly<Record<string, PhpNode | undefined>>): string {
  const names = [...new Set([...session.entries.map(({ key }) => String(key)), ...Object.keys(members)])];
  const entries = names.flatMap((name): PhpEntry[] => {
    const value = Object.hasOwn(members, name) ? members[name] : memberOf(session, name);
    return value ? [{ key: name, value, start: 0 }] : [];
  });
  return textOf(layOut(entries, session));
}

function memberOf({ entries }: PhpSession, name: string): PhpNode {
  const entry = entries.find((each) => String(each.key) === name);
  if (entry === undefined) throw new Error(`There is no ${name}.`);
  return entry.value;
}

/** Returns the value at the end of a path of keys. */
function at(session: PhpSession, name: string, ...path: PhpKey[]): PhpNode {
  let node = memberOf(session, name);
  for (const key of path) {
    const members = node.kind === "array" ? node.entries : node.kind === "object" ? node.properties : [];
    node = members.find((each) => each.key === key)?.value ?? node;
  }
  return node;
}

function int(value: number): PhpNode {
  return { ...NOWHERE, kind: "integer", value };
}

function text(value: string): PhpNode {
  return { ...NOWHERE, kind: "string", value };
}

function array(members: Readonly<Record<string, PhpNode>>): PhpNode {
  const entries = Object.entries(members).map(([key, value]) => {
    const number = Number(key);
    return { key: Number.isInteger(number) && key !== "" ? number : key, value, start: 0 };
  });
  return { ...NOWHERE, kind: "array", entries };
}

describe("a session that is laid out", () => {
  test("may have a key of bytes beside a key of text that lists them", () => {
    const written = 'a|a:4:{s:1:"\xff";i:1;s:4:"\u0000255";i:2;s:1:"x";i:3;s:1:"y";R:4;}';
    expect(textOf(layOut(read(written).entries, read(written)))).toBe(written);
  });

  test.each(textFixtures.map((fixture) => [fixture.name, fixture] as const))(
    "is the same as before if nothing has changed: %s",
    (_, { session: bytes, serializer }) => {
      const session = readSession(bytes, serializer);
      expect(textOf(layOut(session.entries, session))).toBe(textOf(session));
    },
  );

  test.each(textFixtures.map((fixture) => [fixture.name, fixture] as const))(
    "keeps all bytes behind which something is added: %s",
    (_, { session: bytes, serializer }) => {
      const session = readSession(bytes, serializer);
      const written = textOf(layOut([...session.entries, { key: "added", value: int(1), start: 0 }], session));
      const [head, tail] = serializer === "php_serialize" ? [/^a:\d+:/, /\}$/] : [/^/, /$/];
      expect(written.replace(head, "")).toContain(textOf(session).replace(head, "").replace(tail, ""));
    },
  );

  test("has its names as the serializer writes them", () => {
    const value = array({ é: text("ü") });
    expect(edit(read("a|i:1;"), { b: value })).toBe('a|i:1;b|a:1:{s:2:"Ã©";s:2:"Ã¼";}');
    expect(edit(read("\x01ai:1;", "php_binary"), { b: value })).toBe('\x01ai:1;\x01ba:1:{s:2:"Ã©";s:2:"Ã¼";}');
    expect(edit(read('a:1:{s:1:"a";i:1;}', "php_serialize"), { b: value })).toBe(
      'a:2:{s:1:"a";i:1;s:1:"b";a:1:{s:2:"Ã©";s:2:"Ã¼";}}',
    );
    expect(edit(read("a:0:{}", "php_serialize"), {})).toBe("a:0:{}");
    expect(edit(read('a:1:{s:1:"a";i:1;}', "php_serialize"), { a: undefined })).toBe("a:0:{}");
  });

  test("is refused with a name under which PHP would not keep it", () => {
    expect(() => edit(read(""), { "a|b": int(1) })).toThrow(TypeError);
    expect(() => edit(read("", "php_binary"), { ["a".repeat(128)]: int(1) })).toThrow(TypeError);
    expect(edit(read("a:0:{}", "php_serialize"), { "a|b": int(1) })).toBe('a:1:{s:3:"a|b";i:1;}');
  });

  test("keeps text that PHP reads and would not write", () => {
    const session = read('a|a:2:{s:1:"x";d:1.50;s:2:"no";i:+7;}b|i:1;');
    expect(edit(session, { b: int(2) })).toBe('a|a:2:{s:1:"x";d:1.50;s:2:"no";i:+7;}b|i:2;');
    expect(edit(session, { a: array({ x: at(session, "a", "x"), y: int(1) }) })).toBe(
      'a|a:2:{s:1:"x";d:1.50;s:1:"y";i:1;}b|i:1;',
    );
  });

  test("may have any number of values in any number of bytes", () => {
    for (let count = 60; count < 90; count += 1) {
      for (let length = 1; length <= 16; length += 1) {
        const text = `${"n".repeat(length)}|a:${count}:{${Array.from({ length: count }, (_, index) => `i:${index};N;`).join("")}}`;
        expect(edit(read(text), { added: int(1) })).toBe(`${text}added|i:1;`);
        const members = Array.from({ length: count }, (_, index) => `${"n".repeat(length)}${index}|N;`).join("");
        expect(edit(read(members), { added: int(1) })).toBe(`${members}added|i:1;`);
      }
    }
  });

  test("may be 4096 levels deep, and no more", () => {
    for (const [serializer, levels] of [
      ["php", 4096],
      ["php_binary", 4096],
      ["php_serialize", 4095],
    ] as const) {
      const session = read(serializer === "php_serialize" ? "a:0:{}" : "", serializer);
      const deep = (count: number) => {
        let node = array({});
        for (let level = 1; level < count; level += 1) node = array({ 0: node });
        return node;
      };
      const written = edit(session, { a: deep(levels) });
      expect(textOf(layOut(read(written, serializer).entries, read(written, serializer)))).toBe(written);
      expect(() => edit(session, { a: deep(levels + 1) })).toThrow(TypeError);
    }
  });
});

describe("the numbers of references", () => {
  test("follow what is inserted before them", () => {
    const session = read(`a|i:0;b|${object}c|r:2;d|a:1:{i:0;r:2;}`);
    expect(edit(session, { a: array({ 0: int(1), 1: int(2) }) })).toBe(
      `a|a:2:{i:0;i:1;i:1;i:2;}b|${object}c|r:4;d|a:1:{i:0;r:4;}`,
    );
    expect(edit(session, { a: undefined })).toBe(`b|${object}c|r:1;d|a:1:{i:0;r:1;}`);
  });

  test("count the array around all members with php_serialize", () => {
    const session = read(`a:3:{s:1:"a";i:0;s:1:"b";${object}s:1:"c";r:3;}`, "php_serialize");
    expect(edit(session, { a: undefined })).toBe(`a:2:{s:1:"b";${object}s:1:"c";r:2;}`);
  });

  test("take none for an R:, and one for an r:", () => {
    const session = read(`x|i:0;a|a:4:{i:0;i:1;i:1;R:3;i:2;${object}i:3;r:4;}b|r:4;`);
    expect(edit(session, { x: undefined })).toBe(`a|a:4:{i:0;i:1;i:1;R:2;i:2;${object}i:3;r:3;}b|r:3;`);
  });

  test("of an r: to another r: become those of the object", () => {
    const session = read(`x|i:0;a|${object}b|r:2;c|r:4;`);
    expect(edit(session, { x: array({ 0: int(1) }) })).toBe(`x|a:1:{i:0;i:1;}a|${object}b|r:3;c|r:3;`);
    expect(edit(session, { x: undefined, a: undefined })).toBe(`b|${object}c|r:1;`);
  });

  test("stay in an object that refers to itself", () => {
    const tree = 'O:4:"Node":1:{s:8:"children";a:1:{i:0;O:4:"Node":1:{s:6:"parent";r:2;}}}';
    const session = read(`x|i:0;tree|${tree}`);
    expect(edit(session, { x: array({ 0: int(1) }) })).toBe(`x|a:1:{i:0;i:1;}tree|${tree.replace("r:2", "r:3")}`);
  });
});

describe("an object", () => {
  const session = read(`a|${object}b|i:0;c|r:1;d|r:1;`);

  test("set under a second name stays one object", () => {
    expect(edit(session, { b: at(session, "a") })).toBe(`a|${object}b|r:1;c|r:1;d|r:1;`);
    expect(edit(session, { e: array({ 0: at(session, "a") }) })).toBe(`a|${object}b|i:0;c|r:1;d|r:1;e|a:1:{i:0;r:1;}`);
  });

  test("is written in full at the first of the positions that remain", () => {
    expect(edit(session, { a: undefined })).toBe(`b|i:0;c|${object}d|r:2;`);
    expect(edit(session, { a: int(1), c: undefined })).toBe(`a|i:1;b|i:0;d|${object}`);
    expect(edit(session, { a: undefined, c: undefined, d: undefined })).toBe("b|i:0;");
  });

  test("may be set under a name before its own", () => {
    const other = read(`a|i:0;b|${object}c|r:2;`);
    expect(edit(other, { a: at(other, "b") })).toBe(`a|${object}b|r:1;c|r:1;`);
    expect(edit(other, { a: at(other, "b"), b: undefined })).toBe(`a|${object}c|r:1;`);
  });

  test("may be set by an r: that repeats it", () => {
    expect(edit(session, { b: at(session, "c") })).toBe(`a|${object}b|r:1;c|r:1;d|r:1;`);
  });

  test("takes along the objects that it repeats", () => {
    const tree = read('t|O:4:"Node":2:{s:1:"n";i:1;s:5:"child";O:4:"Node":2:{s:1:"n";i:2;s:6:"parent";r:1;}}');
    const child = at(tree, "t", "child");
    expect(edit(tree, { t: undefined, c: child })).toBe(
      'c|O:4:"Node":2:{s:1:"n";i:2;s:6:"parent";O:4:"Node":2:{s:1:"n";i:1;s:5:"child";r:1;}}',
    );
    expect(edit(tree, { c: child })).toBe(
      't|O:4:"Node":2:{s:1:"n";i:1;s:5:"child";O:4:"Node":2:{s:1:"n";i:2;s:6:"parent";r:1;}}c|r:3;',
    );
  });

  test("may be a case of an enumeration", () => {
    const enums = read('a|E:9:"Suit:Hear";b|i:1;');
    expect(edit(enums, { b: at(enums, "a") })).toBe('a|E:9:"Suit:Hear";b|r:1;');
  });
});

describe("a reference", () => {
  const session = read('x|i:0;a|a:1:{s:1:"v";s:1:"s";}b|a:2:{s:1:"v";R:3;s:1:"w";i:1;}');
  const reference = at(session, "b", "v");

  test("stays at its place while others change", () => {
    expect(edit(session, { x: undefined })).toBe('a|a:1:{s:1:"v";s:1:"s";}b|a:2:{s:1:"v";R:2;s:1:"w";i:1;}');
    expect(edit(session, { b: array({ v: reference, w: int(2), y: int(3) }) })).toBe(
      'x|i:0;a|a:1:{s:1:"v";s:1:"s";}b|a:3:{s:1:"v";R:3;s:1:"w";i:2;s:1:"y";i:3;}',
    );
    expect(edit(session, { a: array({ n: int(1), v: at(session, "a", "v") }) })).toBe(
      'x|i:0;a|a:2:{s:1:"n";i:1;s:1:"v";s:1:"s";}b|a:2:{s:1:"v";R:4;s:1:"w";i:1;}',
    );
  });

  test("may go, with or without what it refers to", () => {
    expect(edit(session, { b: int(1) })).toBe('x|i:0;a|a:1:{s:1:"v";s:1:"s";}b|i:1;');
    expect(edit(session, { a: undefined, b: undefined })).toBe("x|i:0;");
  });

  test("keeps what it refers to from being replaced, moved or deleted", () => {
    expect(() => edit(session, { a: undefined })).toThrow(/R:/);
    expect(() => edit(session, { a: array({ v: text("t") }) })).toThrow(TypeError);
    expect(() => edit(session, { a: array({ w: at(session, "a", "v") }) })).toThrow(TypeError);
  });

  test("is not moved or copied, alone or in an array", () => {
    const refusal = /cannot be moved or copied/;
    expect(() => edit(session, { x: reference })).toThrow(refusal);
    expect(() => edit(session, { c: array({ v: reference }) })).toThrow(refusal);
    expect(() => edit(session, { b: array({ u: reference }) })).toThrow(refusal);
    expect(() => edit(session, { c: at(session, "b") })).toThrow(refusal);
  });

  test("moves with the object that has it and what it refers to", () => {
    const inside = read('x|i:0;o|O:8:"stdClass":2:{s:1:"a";i:1;s:1:"b";R:3;}');
    expect(edit(inside, { x: at(inside, "o"), o: undefined })).toBe('x|O:8:"stdClass":2:{s:1:"a";i:1;s:1:"b";R:2;}');
  });

  test("may refer to the array that has it", () => {
    const cyclic = read('x|i:0;o|O:8:"stdClass":1:{s:1:"a";a:2:{s:1:"n";i:1;s:4:"self";R:3;}}');
    expect(edit(cyclic, { x: undefined })).toBe('o|O:8:"stdClass":1:{s:1:"a";a:2:{s:1:"n";i:1;s:4:"self";R:2;}}');
  });
});

describe("after a Serializable object,", () => {
  const head = `a|i:0;b|${object}c|C:3:"Old":4:{i:1;}`;
  const session = read(`${head}d|i:1;e|r:2;f|i:2;`);

  test("something is added or changed where no number follows", () => {
    expect(edit(session, { g: int(3) })).toBe(`${head}d|i:1;e|r:2;f|i:2;g|i:3;`);
    expect(edit(session, { f: array({ 0: int(3) }) })).toBe(`${head}d|i:1;e|r:2;f|a:1:{i:0;i:3;}`);
    expect(edit(session, { f: undefined })).toBe(`${head}d|i:1;e|r:2;`);
    expect(edit(session, { f: at(session, "b") })).toBe(`${head}d|i:1;e|r:2;f|r:2;`);
  });

  test("a single value gives way to another one", () => {
    expect(edit(session, { d: text("x") })).toBe(`${head}d|s:1:"x";e|r:2;f|i:2;`);
    expect(edit(session, { a: int(7) })).toBe(`a|i:7;${head.slice(6)}d|i:1;e|r:2;f|i:2;`);
  });

  test("nothing is changed that moves a number, or that others may refer to", () => {
    for (const members of [
      { a: undefined },
      { d: array({}) },
      { d: array({ 0: int(1) }) },
      { b: int(1) },
      { c: int(1) },
    ]) {
      expect(() => edit(session, members)).toThrow(/Serializable object/);
    }
    const late = read('c|C:3:"Old":4:{i:1;}d|a:1:{i:0;i:1;}e|R:5;');
    expect(() => edit(late, { d: array({ 0: int(2) }) })).toThrow(TypeError);
    const payload = read('d|i:1;c|C:3:"Old":4:{R:1;}');
    expect(() => edit(payload, { d: int(2) })).toThrow(TypeError);
    expect(edit(read('d|i:1;c|C:3:"Old":4:{i:1;}'), { d: int(2) })).toBe('d|i:2;c|C:3:"Old":4:{i:1;}');
  });

  test("many values change in linear time, however many numbers there are", () => {
    const count = 60_000;
    const list = (member: string) =>
      `a:${count}:{${Array.from({ length: count }, (_, index) => `i:${index};${member}`).join("")}}`;
    const text = (member: string) => `b|${object}l|${list(member)}c|C:3:"Old":4:{i:1;}r|${list("r:1;")}`;
    const many = read(text("i:1;"));
    const l = array(Object.fromEntries(Array.from({ length: count }, (_, index) => [index, int(2)])));
    const start = process.cpuUsage(); // the time of the clock says little on a busy machine
    expect(edit(many, { l })).toBe(text("i:2;"));
    expect(process.cpuUsage(start).user).toBeLessThan(2_000_000);
  });

  test("an object is not repeated if its number is unknown", () => {
    const late = read(`c|C:3:"Old":4:{i:1;}o|${object}`);
    expect(() => edit(late, { p: at(late, "o") })).toThrow(TypeError);
    expect(edit(late, { p: at(late, "c") })).toBe(`c|C:3:"Old":4:{i:1;}o|${object}p|r:1;`);
  });

  test("a reference to an unknown number stays as it is", () => {
    const late = read(`c|C:3:"Old":4:{i:1;}o|${object}p|r:9;q|i:1;`);
    expect(edit(late, { q: int(2) })).toBe(`c|C:3:"Old":4:{i:1;}o|${object}p|r:9;q|i:2;`);
    expect(edit(late, { q: at(late, "p") })).toBe(`c|C:3:"Old":4:{i:1;}o|${object}p|r:9;q|r:9;`);
    expect(() => edit(late, { o: at(late, "p") })).toThrow(TypeError);
  });
});

describe("a value of another session", () => {
  const other = read(`n|i:1;a|a:2:{s:1:"o";${object}s:1:"p";r:3;}t|O:4:"Node":1:{s:1:"c";O:4:"Node":1:{s:1:"p";r:6;}}`);

  test("is stored as a copy, with numbers of its own", () => {
    expect(edit(read("x|i:0;"), { a: at(other, "a") })).toBe(`x|i:0;a|a:2:{s:1:"o";${object}s:1:"p";r:3;}`);
    expect(edit(read("x|i:0;y|i:1;"), { y: at(other, "t") })).toBe(
      'x|i:0;y|O:4:"Node":1:{s:1:"c";O:4:"Node":1:{s:1:"p";r:2;}}',
    );
  });

  test("is the same object at all its places", () => {
    expect(edit(read(""), { a: at(other, "t"), b: at(other, "t"), c: at(other, "t", "c") })).toBe(
      'a|O:4:"Node":1:{s:1:"c";O:4:"Node":1:{s:1:"p";r:1;}}b|r:1;c|r:2;',
    );
  });

  test("is refused if it refers to something outside of it, or may", () => {
    const refusal = /outside of it/;
    expect(() => edit(read(""), { a: at(other, "t", "c") })).toThrow(refusal);
    expect(() => edit(read(""), { a: at(other, "a", "p") })).toThrow(refusal);
    const serializable = read('c|C:3:"Old":4:{i:1;}');
    expect(() => edit(read(""), { a: at(serializable, "c") })).toThrow(refusal);
  });

  test.each([2, 3, 4, 5])("is refused if only PHP knows the target of the reference %i", (number) => {
    const late = read(`c|C:3:"Old":4:{i:1;}o|a:2:{i:0;${object}i:1;r:${number};}`);
    expect(() => edit(read(""), { a: at(late, "o") })).toThrow(/outside of it/);
  });

  test("keeps references within it", () => {
    const references = read("a|a:2:{i:0;i:1;i:1;R:2;}");
    expect(edit(read("x|i:0;"), { a: at(references, "a"), b: at(references, "a") })).toBe(
      "x|i:0;a|a:2:{i:0;i:1;i:1;R:3;}b|a:2:{i:0;i:1;i:1;R:5;}",
    );
  });
});
