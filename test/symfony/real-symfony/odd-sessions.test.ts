import type { SessionFormat } from "sessionwire/backend";
import { symfonyFormat } from "sessionwire/symfony";
import { expect, test } from "vitest";
import { openPhpSessions } from "../sessions-in-memory.ts";
import { askSymfony, type Operation } from "./ask-symfony.ts";
import { carryOut } from "./operations.ts";
import { withoutTimes } from "./without-times.ts";

const attributes = '_sf2_attributes|a:1:{s:1:"a";i:1;}';
const used = '_sf2_meta|a:3:{s:1:"u";i:1;s:1:"c";i:1;s:1:"l";i:0;}';
const set: Operation = ["set", "a", 7];
const remove: Operation = ["delete", "a", null];

test.each<readonly [what: string, session: string, operations: readonly Operation[]]>([
  ["metadata", attributes + used, [set]],
  ["no metadata", attributes, [set]],
  ["empty metadata", `${attributes}_sf2_meta|a:0:{}`, [set]],
  ["metadata that are no array", `${attributes}_sf2_meta|s:1:"x";`, [set]],
  ["metadata without a creation", `${attributes}_sf2_meta|a:2:{s:1:"x";i:1;s:1:"u";i:1;}`, [set]],
  ["a creation that is null", `${attributes}_sf2_meta|a:2:{s:1:"c";N;s:1:"u";i:1;}`, [set]],
  ["metadata without a lifetime", `${attributes}_sf2_meta|a:2:{s:1:"u";i:1;s:1:"c";i:1;}`, [set]],
  ["metadata without a use", `${attributes}_sf2_meta|a:2:{s:1:"c";i:1;s:1:"x";i:1;}`, [set]],
  ["a use in digits", `${attributes}_sf2_meta|a:2:{s:1:"c";i:1;s:1:"u";s:1:"5";}`, [set]],
  ["a use to come", `${attributes}_sf2_meta|a:2:{s:1:"c";i:1;s:1:"u";i:1999999999;}`, [set]],
  ["more metadata", `${attributes}_sf2_meta|a:3:{s:1:"x";a:0:{}s:1:"c";i:1;s:1:"u";i:1;}`, [set]],
  ["attributes that are no array", `_sf2_attributes|i:1;${used}`, [set]],
  ["messages that are no array", `${attributes}_symfony_flashes|i:1;${used}`, [["add", "n", 1]]],
  ["a message that is no list", `${attributes}_symfony_flashes|a:1:{s:1:"n";s:1:"x";}${used}`, [["take", "n", null]]],
  ["a list of messages with gaps", `_symfony_flashes|a:1:{s:1:"n";a:1:{i:4;i:1;}}${used}`, [["add", "n", 2]]],
  [
    "an empty list of messages",
    `_symfony_flashes|a:1:{s:1:"n";a:0:{}}${used}${attributes}`,
    [["take", "n", null], remove],
  ],
  ["nothing left", attributes + used, [remove]],
  ["nothing left but another member", `${attributes}x|N;${used}`, [remove]],
  ["nothing left but an empty bag", `${attributes}_symfony_flashes|a:0:{}${used}`, [remove]],
  ["nothing left but a bag that is no array", `${attributes}_symfony_flashes|s:1:"x";${used}`, [remove]],
  ["the only message taken", `_symfony_flashes|a:1:{s:1:"n";a:1:{i:0;i:1;}}${used}`, [["take", "n", null]]],
  ["bags in another order", `${used}legacy|i:1;`, [["add", "n", 1], set]],
])("Symfony and we store the same with %s", async (_, session, operations) => {
  const ours = await afterOurs(symfonyFormat({ serializer: "php" }), session, operations);
  expect(withoutTimes(ours)).toBe(withoutTimes(afterSymfony(session, operations)));
});

test("a message that is added here is for the next page of an AutoExpireFlashBag, and not for the one after", async () => {
  const format = symfonyFormat({ serializer: "php", autoExpireFlashes: true });
  const added = await afterOurs(format, attributes + used, [["add", "notice", "hello"]]);
  const next = afterSymfony(added ?? "", [], true);
  expect(next).toContain('s:7:"display";a:1:{s:6:"notice";a:1:{i:0;s:5:"hello";}}s:3:"new";a:0:{}');
  expect(afterSymfony(next ?? "", [], true)).toContain('s:7:"display";a:0:{}s:3:"new";a:0:{}');
  expect(afterSymfony(added ?? "", [["take", "notice", null]], true)).not.toContain("hello");
});

async function afterOurs(
  format: SessionFormat,
  session: string,
  operations: readonly Operation[],
): Promise<string | undefined> {
  await using php = openPhpSessions(format);
  const id = await php.store(session);
  await php.sessions.update(id, (draft) => carryOut(operations, draft));
  return php.bytesOf(id);
}

function afterSymfony(session: string, operations: readonly Operation[], expires = false): string | undefined {
  const bytes = Buffer.from(session, "latin1");
  const [answer] = askSymfony([{ bytes, serializer: "php", operations, threshold: 0, expires }]);
  return answer && "stored" in answer ? answer.stored : expect.fail("Symfony has failed.");
}
