import { phpInteger } from "../../adapters/symfony/php-text/integers.ts";
import { arrayKey } from "../../adapters/symfony/php-text/keys.ts";
import { NOWHERE, type PhpEntry, type PhpKey, type PhpNode } from "../../adapters/symfony/php-text/nodes.ts";
import type { PhpSerializer } from "../../adapters/symfony/php-text/session.ts";
import type { Described, DescribedMembers } from "./descriptions.ts";

/** The members of a session as an application would make them, with the numbers that PHP would give them. */
export function entriesOf(members: DescribedMembers, serializer: PhpSerializer): PhpEntry[] {
  const make = maker(serializer === "php_serialize" ? 1 : 0);
  return members.map(([key, value]) => ({ key: keyOf(key), value: make(value), start: 0 }));
}

/** A value as an application would make it. */
export function nodeOf(value: Described): PhpNode {
  return maker(0)(value);
}

function maker(slotsBefore: number): (value: Described) => PhpNode {
  let slots = slotsBefore;
  const objects: number[] = [];
  const variables = new Map<number, number>();
  const cases = new Map<string, number>();
  return make;

  function make(value: Described): PhpNode {
    if (value[0] === "same variable") {
      return { kind: "reference", target: variables.get(value[1]) ?? 0, isKnown: true, ...NOWHERE };
    }
    if (value[0] === "variable") {
      variables.set(value[1], slots + 1);
      return make(value[2]);
    }
    slots += 1;
    return makeCounted(value);
  }

  function makeCounted(value: Exclude<Described, readonly ["variable" | "same variable", ...unknown[]]>): PhpNode {
    switch (value[0]) {
      case "null":
        return { kind: "null", ...NOWHERE };
      case "boolean":
        return { kind: "boolean", value: value[1], ...NOWHERE };
      case "integer":
        return { kind: "integer", value: phpInteger(BigInt(value[1])), ...NOWHERE };
      case "float":
        return { kind: "float", value: numberOf(value[1]), ...NOWHERE };
      case "string":
        return { kind: "string", value: value[1], ...NOWHERE };
      case "bytes":
        return { kind: "string", value: bytesOf(value[1]), ...NOWHERE };
      case "array":
        return { kind: "array", entries: entries(value[1]), ...NOWHERE };
      case "object":
        return makeObject(value[1], value[2]);
      case "enum":
        return makeCase(value[1], value[2]);
      case "same object":
        return { kind: "same-object", target: objects[value[1]] ?? 0, isKnown: true, ...NOWHERE };
    }
  }

  function makeObject(className: string, members: DescribedMembers | string): PhpNode {
    objects.push(slots);
    if (typeof members !== "string") {
      return { kind: "object", className, properties: propertiesOf(className, entries(members)), ...NOWHERE };
    }
    return { kind: "serializable", className, payload: Buffer.from(members), ...NOWHERE };
  }

  /** A case of an enumeration is one object at all its occurrences. */
  function makeCase(className: string, caseName: string): PhpNode {
    const target = cases.get(caseName);
    if (target !== undefined) return { kind: "same-object", target, isKnown: true, ...NOWHERE };
    cases.set(caseName, slots);
    return { kind: "enum", className, caseName, ...NOWHERE };
  }

  function entries(members: DescribedMembers): PhpEntry[] {
    return members.map(([key, value]) => ({ key: keyOf(key), value: make(value), start: 0 }));
  }
}

/** What `__serialize()` returns is an array, with the keys of one. */
function propertiesOf(className: string, entries: PhpEntry[]): PhpEntry[] {
  if (className !== "App\\Own") return entries;
  return entries.map((entry) => ({ ...entry, key: typeof entry.key === "string" ? arrayKey(entry.key) : entry.key }));
}

function keyOf(key: string): PhpKey {
  const [kind, ...words] = key.split(" ");
  const text = words.join(" ");
  if (kind === "integer") return phpInteger(BigInt(text));
  return kind === "string" ? text : bytesOf(text);
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}

function numberOf(hex: string): number {
  return hex === "nan" ? Number.NaN : Buffer.from(hex, "hex").readDoubleBE();
}
