import assert from "node:assert/strict";
import fc from "fast-check";
import type { SessionDraft } from "sessionwire";
import type { ConformanceCase } from "sessionwire/testing";
import { type NamedChecks, namedCases } from "../laws/named-cases.ts";
import { after, before, type FormatParts } from "./format-cases.ts";
import { graphProperty } from "./graphs/property.ts";
import { openPhpSessions } from "./sessions-in-memory.ts";

/** The promises of the formats of PHP about references: they mean the same after every change. */
export function referenceCases(parts: FormatParts): ConformanceCase[] {
  return namedCases(checks, parts);
}

const object = 'O:8:"stdClass":1:{s:1:"n";i:1;}';
const old = 'C:3:"Old":4:{i:1;}';

const checks: NamedChecks<FormatParts> = {
  async "references follow what has moved (law 151)"({ symfonyFormat }) {
    await using php = openPhpSessions(symfonyFormat({ serializer: "php" }));
    const bag = (a: string, from: number) =>
      `_sf2_attributes|a:4:{s:1:"a";${a}s:1:"v";s:1:"x";s:1:"w";R:${from};s:1:"o";${object}}other|r:${from + 1};`;
    const id = await php.store(bag("i:1;", 3) + before);
    await php.sessions.update(id, (draft) => draft.set("a", [1, 2]));
    assert.equal(await php.bytesOf(id), bag("a:2:{i:0;i:1;i:1;i:2;}", 5) + after);
  },
  async "whatever is set, deleted and copied, a session is what PHP would have written (law 151)"({ symfonyFormat }) {
    for (const serializer of ["php", "php_binary", "php_serialize"] as const) {
      await fc.assert(graphProperty(symfonyFormat, serializer), { numRuns: 100 });
    }
  },
  async "an object that is set again is one object at all its places, and moves to the first that is left (law 151)"({
    symfonyFormat,
  }) {
    await using php = openPhpSessions(symfonyFormat({ serializer: "php" }));
    const id = await php.store(`_sf2_attributes|a:2:{s:1:"a";i:1;s:1:"o";${object}}${before}`);
    await php.sessions.update(id, (draft) => {
      draft.set("a", { first: draft.get("o") });
      draft.set("p", draft.get("o"));
    });
    const first = `_sf2_attributes|a:3:{s:1:"a";a:1:{s:5:"first";${object}}s:1:"o";r:3;s:1:"p";r:3;}`;
    assert.equal(await php.bytesOf(id), first + after);
    await php.sessions.update(id, (draft) => draft.delete("a"));
    assert.equal(await php.bytesOf(id), `_sf2_attributes|a:2:{s:1:"o";${object}s:1:"p";r:2;}${after}`);
  },
  async "a change after which a reference could not mean the same is refused, and nothing is stored (law 152)"(parts) {
    const bytes = `_sf2_attributes|a:3:{s:1:"a";s:1:"x";s:1:"b";R:2;s:1:"c";i:1;}${before}`;
    await assertRefused(parts, bytes, [
      (draft) => draft.set("a", "y"),
      (draft) => draft.delete("a"),
      (draft) => draft.set("c", draft.get("b")),
      (draft) => draft.set("c", [draft.get("b")]),
    ]);
    const bag = `legacy|a:1:{s:1:"a";i:1;}_sf2_attributes|R:1;_symfony_flashes|R:1;${before}`;
    await assertRefused(parts, bag, [
      (draft) => draft.set("b", draft.get("a") as number),
      (draft) => draft.delete("a"),
      (draft) => draft.flash.add("notice", "hello"),
    ]);
  },
  async "after a Serializable object, no number changes (law 152)"(parts) {
    const bytes = `_sf2_attributes|a:4:{s:1:"a";i:1;s:1:"o";${object}s:1:"c";${old}s:1:"p";r:3;}${before}`;
    await assertRefused(parts, bytes, [
      (draft) => draft.delete("a"),
      (draft) => draft.set("a", []),
      (draft) => draft.delete("c"),
    ]);
    await using php = openPhpSessions(parts.symfonyFormat({ serializer: "php" }));
    const id = await php.store(bytes);
    await php.sessions.update(id, (draft) => {
      draft.set("a", "text");
      draft.set("z", [1]);
    });
    assert.equal(
      await php.bytesOf(id),
      `_sf2_attributes|a:5:{s:1:"a";s:4:"text";s:1:"o";${object}s:1:"c";${old}s:1:"p";r:3;s:1:"z";a:1:{i:0;i:1;}}${after}`,
    );
  },
  async "a value of another session is stored as a copy, or refused if it refers to something outside of it (law 152)"({
    symfonyFormat,
  }) {
    await using php = openPhpSessions(symfonyFormat({ serializer: "php" }));
    const tree = 'O:4:"Node":1:{s:5:"child";O:4:"Node":1:{s:6:"parent";r:2;}}';
    const late = 'O:4:"Node":1:{s:4:"self";r:6;}';
    const id = await php.store(`_sf2_attributes|a:3:{s:1:"t";${tree}s:1:"c";${old}s:1:"l";${late}}${before}`);
    const from = await php.sessions.open(id);
    const root = from?.get("t") as { get(name: string): unknown };
    const target = await php.store(`_sf2_attributes|a:1:{s:1:"x";i:1;}${before}`);
    for (const value of [root.get("child"), from?.get("c"), from?.get("l")]) {
      await assert.rejects(
        php.sessions.update(target, (draft) => draft.set("copy", value)),
        TypeError,
      );
    }
    await php.sessions.update(target, (draft) => draft.set("copy", root));
    const copied = `_sf2_attributes|a:2:{s:1:"x";i:1;s:4:"copy";${tree.replace("r:2", "r:3")}}`;
    assert.equal(await php.bytesOf(target), copied + after);
  },
};

/** Checks that each of these changes rejects with a `TypeError`, and leaves the session as it is. */
async function assertRefused(
  { symfonyFormat }: FormatParts,
  bytes: string,
  changes: readonly ((draft: SessionDraft) => void)[],
): Promise<void> {
  for (const change of changes) {
    await using php = openPhpSessions(symfonyFormat({ serializer: "php" }));
    const id = await php.store(bytes);
    await assert.rejects(php.sessions.update(id, change), TypeError);
    assert.equal(await php.bytesOf(id), bytes);
  }
}
