import assert from "node:assert/strict";
import type { ConformanceCase } from "sessionwire/testing";
import { type NamedChecks, namedCases } from "../laws/named-cases.ts";
import { textFixtures } from "./fixtures.ts";
import { NOW, openPhpSessions } from "./sessions-in-memory.ts";

/** The parts of the package that the laws of PHP's sessions are checked on: the real ones, or deliberately broken ones. */
export type FormatParts = Pick<typeof import("sessionwire/symfony"), "phpFormat" | "symfonyFormat">;

/** The promises of the formats of PHP: what stays, what ends, and what is refused. */
export function formatCases(parts: FormatParts): ConformanceCase[] {
  return namedCases(checks, parts);
}

/** The metadata of a session that was used at some time. */
export const used = (u: number): string => `_sf2_meta|a:3:{s:1:"u";i:${u};s:1:"c";i:1700000000;s:1:"l";i:0;}`;
export const before: string = used(1_700_000_000);
export const after: string = used(NOW);

const checks: NamedChecks<FormatParts> = {
  async "what a change does not concern goes back byte for byte, in every session that PHP has stored (law 150)"({
    phpFormat,
    symfonyFormat,
  }) {
    for (const { name, serializer, session: bytes } of textFixtures) {
      const symfony = symfonyFormat({ serializer, metadataUpdateThresholdSeconds: 2 ** 31 - 1 });
      for (const format of [symfony, phpFormat({ serializer })]) {
        assert.deepEqual(format.encode(format.decode(bytes)), bytes, name);
        await using php = openPhpSessions(format);
        const id = await php.store(bytes);
        await php.sessions.update(id, (draft) => draft.set("chat_name", "Ann"));
        await php.sessions.update(id, (draft) => draft.delete("chat_name"));
        const text = Buffer.from(bytes).toString("latin1");
        const now = await php.bytesOf(id);
        // A session of Symfony without metadata has some now, at its end.
        assert.equal(text.includes("_sf2_meta") ? now : now?.replace(/_sf2_meta\|.*$/, ""), text, name);
      }
    }
  },
  async "a member keeps its text and its type within one that has changed, and so does a message (law 150)"({
    symfonyFormat,
  }) {
    await using php = openPhpSessions(symfonyFormat({ serializer: "php" }));
    const bags = (b: string, n: string) =>
      `_sf2_attributes|a:2:{s:1:"a";d:1.50;s:1:"b";${b}}_symfony_flashes|a:1:{s:1:"n";${n}}`;
    const id = await php.store(bags('a:2:{s:1:"x";d:2;s:1:"y";i:1;}', "a:1:{i:0;d:1.50;}") + before);
    await php.sessions.update(id, (draft) => {
      draft.update("b", (b) => ({ ...(b as object), y: 2, z: 3 }));
      draft.flash.add("n", "two");
    });
    const changed = bags('a:3:{s:1:"x";d:2;s:1:"y";i:2;s:1:"z";i:3;}', 'a:2:{i:0;d:1.50;i:1;s:3:"two";}');
    assert.equal(await php.bytesOf(id), changed + after);
  },
  async "a member beside the bags stays where it is, and a new bag comes last (law 150)"({ symfonyFormat }) {
    await using php = openPhpSessions(symfonyFormat({ serializer: "php" }));
    const id = await php.store(`legacy|d:1.50;${before}other|O:3:"Old":0:{}`);
    await php.sessions.update(id, (draft) => draft.set("a", 1));
    assert.equal(await php.bytesOf(id), `legacy|d:1.50;${after}other|O:3:"Old":0:{}_sf2_attributes|a:1:{s:1:"a";i:1;}`);
  },
  async "a session that a change has left without anything ends, as in Symfony, and a read ends none (law 153)"({
    symfonyFormat,
  }) {
    await using php = openPhpSessions(symfonyFormat({ serializer: "php" }));
    const attributes = '_sf2_attributes|a:1:{s:1:"a";i:1;}';
    for (const more of [before, "", `_symfony_flashes|a:0:{}${before}`, `_symfony_flashes|s:1:"x";${before}`]) {
      const id = await php.store(attributes + more);
      await php.sessions.update(id, (draft) => draft.delete("a"));
      assert.equal(await php.bytesOf(id), undefined);
    }
    for (const bytes of [before, ""]) {
      const id = await php.store(bytes);
      assert.deepEqual((await php.sessions.open(id))?.names(), []);
      assert.equal(await php.bytesOf(id), bytes);
    }
  },
  async "one that PHP would keep stays: with messages, other members, an empty array, or a bag that is never empty (law 153)"({
    phpFormat,
    symfonyFormat,
  }) {
    const attributes = '_sf2_attributes|a:1:{s:1:"a";i:1;}';
    const expiring = '_symfony_flashes|a:2:{s:7:"display";a:0:{}s:3:"new";a:0:{}}';
    for (const [format, bytes, left] of [
      [symfonyFormat({ serializer: "php" }), `${attributes}legacy|N;${before}`, `legacy|N;${after}`],
      [
        symfonyFormat({ serializer: "php" }),
        `${attributes}_symfony_flashes|a:1:{s:1:"n";a:0:{}}${before}`,
        `_symfony_flashes|a:1:{s:1:"n";a:0:{}}${after}`,
      ],
      [symfonyFormat({ serializer: "php", autoExpireFlashes: true }), `${attributes}${before}`, `${after}${expiring}`],
      [symfonyFormat({ serializer: "php_serialize" }), 'a:1:{s:15:"_sf2_attributes";a:1:{s:1:"a";i:1;}}', "a:0:{}"],
      [phpFormat({ serializer: "php" }), "a|i:1;", ""],
      [phpFormat({ serializer: "php_serialize" }), 'a:1:{s:1:"a";i:1;}', "a:0:{}"],
    ] as const) {
      await using php = openPhpSessions(format);
      const id = await php.store(bytes);
      await php.sessions.update(id, (draft) => draft.delete("a"));
      assert.equal(await php.bytesOf(id), left);
    }
  },
  async "a security token is read and deleted, and never set (law 154)"({ symfonyFormat }) {
    await using php = openPhpSessions(symfonyFormat({ serializer: "php" }));
    const id = await php.store(`_sf2_attributes|a:2:{s:1:"a";i:1;s:14:"_security_main";s:2:"N;";}${before}`);
    await php.sessions.update(id, (draft) => {
      assert.equal(draft.get("_security_main"), "N;");
      assert.throws(() => draft.set("_security_main", "N;"), TypeError);
      assert.throws(() => draft.update("_security_api", () => "N;"), TypeError);
      draft.set("_security.last_username", "Ann");
      draft.delete("_security_main");
    });
    const left = '_sf2_attributes|a:2:{s:1:"a";i:1;s:23:"_security.last_username";s:3:"Ann";}';
    assert.equal(await php.bytesOf(id), left + after);
  },
  async "a name or a value that PHP could not keep is refused when it is set (law 154)"({ phpFormat, symfonyFormat }) {
    const symfony = symfonyFormat({ serializer: "php" });
    await using php = openPhpSessions(symfony);
    const session = await php.sessions.create();
    for (const [name, value] of [
      ["\ud800", 1],
      ["a", "\ud800"],
      ["a", { "\udfff": 1 }],
    ] as const) {
      assert.throws(() => session.set(name, value), TypeError);
    }
    assert.throws(() => session.flash.add("notice", "\ud800"), TypeError);
    assert.equal(session.isChanged, false);
    for (const [serializer, names] of [
      ["php", ["a|b", "42", "-7", "\ud800"]],
      ["php_binary", ["é".repeat(64), "a".repeat(128), "0"]],
    ] as const) {
      const { checkAttribute } = phpFormat({ serializer });
      for (const name of names) assert.throws(() => checkAttribute(name, 1), TypeError);
    }
  },
};
