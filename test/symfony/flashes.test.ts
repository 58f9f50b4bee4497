import { symfonyFormat } from "sessionwire/symfony";
import { describe, expect, test } from "vitest";
import { openPhpSessions } from "./sessions-in-memory.ts";

const attributes = '_sf2_attributes|a:1:{s:1:"a";i:1;}';
const format = symfonyFormat({ serializer: "php" });
const expiring = symfonyFormat({ serializer: "php", autoExpireFlashes: true });

/** Returns the bag of messages. */
function bagIn(bytes: string | undefined): string | undefined {
  return bytes && /_symfony_flashes\|(.*?)(?=_sf2_meta|$)/.exec(bytes)?.[1];
}

describe("messages of a FlashBag", () => {
  test("wait by type, whatever keys their lists have", async () => {
    await using php = openPhpSessions(format);
    const id = await php.store(
      `${attributes}_symfony_flashes|a:2:{s:5:"error";a:2:{i:3;s:1:"a";s:1:"k";i:2;}i:7;a:1:{i:0;b:1;}}`,
    );
    const session = await php.sessions.open(id);
    expect(session?.flash.types()).toEqual(["error", "7"]);
    expect(session?.flash.peek("error")).toEqual(["a", 2]);
    expect(session?.flash.peek("7")).toEqual([true]);
  });

  test("are added behind those that wait", async () => {
    await using php = openPhpSessions(format);
    const id = await php.store(`${attributes}_symfony_flashes|a:1:{s:1:"n";a:1:{i:0;d:1.50;}}`);
    await php.sessions.update(id, (draft) => {
      draft.flash.add("n", "two");
      draft.flash.add("7", "three");
    });
    expect(bagIn(await php.bytesOf(id))).toBe(
      'a:2:{s:1:"n";a:2:{i:0;d:1.50;i:1;s:3:"two";}i:7;a:1:{i:0;s:5:"three";}}',
    );
  });

  test("are taken with their type, and the bag goes with the last one", async () => {
    await using php = openPhpSessions(format);
    const id = await php.store(`${attributes}_symfony_flashes|a:2:{s:1:"m";a:1:{i:0;i:1;}s:1:"n";a:1:{i:0;i:2;}}`);
    expect(await php.sessions.update(id, (draft) => draft.flash.take("m"))).toEqual([1]);
    expect(bagIn(await php.bytesOf(id))).toBe('a:1:{s:1:"n";a:1:{i:0;i:2;}}');
    expect(await php.sessions.update(id, (draft) => draft.flash.take("n"))).toEqual([2]);
    expect(await php.bytesOf(id)).not.toContain("_symfony_flashes");
  });

  test("that are left keep their text; a list stays a list, and other keys stay", async () => {
    await using php = openPhpSessions(format);
    const id = await php.store(
      `${attributes}_symfony_flashes|a:2:{s:1:"m";a:2:{i:0;i:1;i:1;d:2.50;}s:1:"n";a:2:{i:4;i:1;s:1:"x";d:3;}}`,
    );
    await php.sessions.update(id, (draft) => {
      draft.flash.remove("m", 1);
      draft.flash.remove("n", 3);
      draft.flash.add("n", 5);
    });
    expect(bagIn(await php.bytesOf(id))).toBe('a:2:{s:1:"m";a:1:{i:0;d:2.50;}s:1:"n";a:2:{i:4;i:1;i:5;i:5;}}');
  });

  test("may be a single value instead of a list, as some applications set it", async () => {
    await using php = openPhpSessions(format);
    const bag = 'a:3:{s:1:"m";s:3:"one";s:1:"n";N;s:1:"o";s:1:"0";}';
    const id = await php.store(`${attributes}_symfony_flashes|${bag}`);
    const session = await php.sessions.open(id);
    expect(session?.flash.types()).toEqual(["m"]);
    session?.set("a", 2);
    await session?.save();
    expect(bagIn(await php.bytesOf(id))).toBe(bag);
    session?.flash.add("m", "two");
    session?.flash.add("n", "first");
    await session?.save();
    expect(bagIn(await php.bytesOf(id))).toBe(
      'a:3:{s:1:"m";a:2:{i:0;s:3:"one";i:1;s:3:"two";}s:1:"n";a:1:{i:0;s:5:"first";}s:1:"o";s:1:"0";}',
    );
  });

  test("that JSON cannot represent are found again although their numbers have moved", async () => {
    await using php = openPhpSessions(format);
    const node = (parent: number) => `O:4:"Node":1:{s:1:"c";O:4:"Node":1:{s:1:"p";r:${parent};}}`;
    const id = await php.store(`${attributes}_symfony_flashes|a:1:{s:1:"n";a:2:{i:0;${node(5)}i:1;i:2;}}`);
    const session = await php.sessions.open(id);
    expect(session?.flash.take("n")).toHaveLength(2);
    await php.sessions.update(id, (draft) => draft.set("a", [1, 2, 3]));
    expect(bagIn(await php.bytesOf(id))).toContain(node(8));
    await session?.save();
    expect(await php.bytesOf(id)).not.toContain("_symfony_flashes");
  });
});

describe("messages of an AutoExpireFlashBag", () => {
  const display = 's:7:"display";a:1:{s:1:"n";a:1:{i:0;s:3:"old";}}';
  const id = (php: ReturnType<typeof openPhpSessions>, waiting: string) =>
    php.store(`${attributes}_symfony_flashes|a:2:{${display}s:3:"new";${waiting}}`);

  test("wait for the next page, and those of the last one are its own", async () => {
    await using php = openPhpSessions(expiring);
    const session = await php.sessions.open(await id(php, 'a:1:{s:1:"n";a:1:{i:0;s:3:"new";}}'));
    expect(session?.flash.peek("n")).toEqual(["new"]);
  });

  test("are added to those for the next page, and taken from them", async () => {
    await using php = openPhpSessions(expiring);
    const one = await id(php, "a:0:{}");
    await php.sessions.update(one, (draft) => draft.flash.add("n", "later"));
    expect(bagIn(await php.bytesOf(one))).toBe(`a:2:{${display}s:3:"new";a:1:{s:1:"n";a:1:{i:0;s:5:"later";}}}`);
    await php.sessions.update(one, (draft) => draft.flash.take("n"));
    expect(bagIn(await php.bytesOf(one))).toBe(`a:2:{${display}s:3:"new";a:0:{}}`);
  });

  test("have a bag in each session that is stored, so that it does not end without attributes", async () => {
    await using php = openPhpSessions(expiring);
    const one = await php.store(attributes);
    await php.sessions.update(one, (draft) => draft.delete("a"));
    expect(bagIn(await php.bytesOf(one))).toBe('a:2:{s:7:"display";a:0:{}s:3:"new";a:0:{}}');
    const other = await php.store(`_symfony_flashes|a:1:{${display}}`);
    await php.sessions.update(other, (draft) => draft.flash.add("n", 1));
    expect(bagIn(await php.bytesOf(other))).toBe(`a:2:{${display}s:3:"new";a:1:{s:1:"n";a:1:{i:0;i:1;}}}`);
  });
});
