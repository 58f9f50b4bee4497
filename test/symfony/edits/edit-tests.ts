import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type RedisServer, startRedis } from "../../servers/redis-server.ts";
import { type SymfonyApplication, startSymfonyApplication } from "../application/symfony-application.ts";
import { editLogins } from "./edited-logins.ts";
import { editRecordedSessions } from "./edited-sessions.ts";
import { type PhpOpener, startPhpOpener } from "./php-opener.ts";

/** Defines the tests of edits of sessions, with a number of edits each. */
export function testEdits(count: number): void {
  vi.setConfig({ testTimeout: 60_000 + 50 * count });

  let redis: RedisServer;
  let opener: PhpOpener;
  let application: SymfonyApplication;

  beforeAll(async () => {
    redis = await startRedis();
    opener = await startPhpOpener();
    application = await startSymfonyApplication(redis.url);
  });
  afterAll(async () => {
    await application?.[Symbol.asyncDispose]();
    await opener?.[Symbol.asyncDispose]();
    await redis?.stop();
  });

  test("PHP opens every recorded session that was edited, and finds the rest as it was", async () => {
    const ends = await editRecordedSessions(opener, count);
    console.info(`Edits of recorded sessions: ${JSON.stringify(ends)}`);
    expect(ends.written).toBeGreaterThan(count / 2);
  });

  test("nobody is signed out by an edit, and Symfony greets by the name that it has set", async () => {
    await editLogins(redis, application, opener, count);
  });
}
