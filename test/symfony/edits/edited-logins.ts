import fc from "fast-check";
import { createSessionManager } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { symfonyFormat } from "sessionwire/symfony";
import { expect } from "vitest";
import type { RedisServer } from "../../servers/redis-server.ts";
import type { SymfonyApplication } from "../application/symfony-application.ts";
import { applyEdits, edits } from "./edit.ts";
import type { PhpOpener } from "./php-opener.ts";

/** The number of edits after which somebody else signs in. */
const editsPerLogin = 50;

/** Edits the sessions of people who are signed in to a Symfony application, and asks for a page after each edit. */
export async function editLogins(
  redis: RedisServer,
  application: SymfonyApplication,
  opener: PhpOpener,
  numRuns: number,
): Promise<void> {
  await using handler = createRedisHandler(redis.url);
  const format = symfonyFormat({ preset: "symfony-redis", serializer: "php" });
  await using sessions = createSessionManager({ handler, format });
  let count = 0;
  let id = "";

  const property = fc.asyncProperty(edits, fc.stringMatching(/^[a-zé🦊]{1,20}$/u), async (changes, name) => {
    if (count % editsPerLogin === 0) id = await application.signIn(count % 2 === 0 ? "ann" : "bob");
    count += 1;
    const before = await bytesOf(id);
    const edited = await sessions.update(id, (draft) => {
      const names = applyEdits(draft, changes);
      draft.set("chat.name", name);
      return names;
    });
    edited.attributes.add("chat.name");
    expect(await opener.differences("php", before, await bytesOf(id), edited)).toEqual([]);
    expect(await application.greetingOf(id)).toBe(name);
  });
  await fc.assert(property, { numRuns, endOnFailure: true });

  async function bytesOf(session: string): Promise<Uint8Array> {
    const found = await handler.read(await format.keyOf(session));
    if (found === undefined) throw new Error("The session was destroyed.");
    return found.data;
  }
}
