import type { createUpstashHandler } from "sessionwire/upstash";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMutants, type Mutant } from "../laws/mutate.ts";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { bytes, freshId } from "../redis/session-data.ts";
import { startUpstash, type UpstashServer } from "../servers/upstash-server.ts";

interface Parts {
  readonly createUpstashHandler: typeof createUpstashHandler;
}

let server: UpstashServer;
beforeAll(async () => {
  server = await startUpstash();
});
afterAll(() => server.stop());

/** What the tests of this folder rest on, each in a few lines, so that broken versions can be tried on it. */
const checks: Record<string, (parts: Parts) => Promise<boolean>> = {
  async "bytes come back"({ createUpstashHandler }) {
    await using handler = createUpstashHandler(server);
    const id = freshId();
    const data = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await handler.write(id, data, { replaces: undefined, ttlSeconds: 60 });
    const found = await handler.read(id).catch(() => undefined);
    return Buffer.from(found?.data ?? []).equals(data);
  },
  async "a request is sent once"({ createUpstashHandler }) {
    await using handler = createUpstashHandler(server);
    server.requests.length = 0;
    server.next("cut after executing");
    await handler.touch("a", 60).catch(() => {});
    return server.requests.length === 1;
  },
  async "nothing but an answer is an answer"({ createUpstashHandler }) {
    await using handler = createUpstashHandler(server);
    const id = freshId();
    await handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds: 60 });
    for (const body of ['{"result":null}', "<html>", `{"result":"${btoa(`+${"0".repeat(40)}:5 data`)}"}`]) {
      server.next({ status: 200, body });
      const isRefused = await handler.read(id).then(
        () => false,
        () => true,
      );
      if (!isRefused) return false;
    }
    return true;
  },
  async "an abort ends the request"({ createUpstashHandler }) {
    const handler = createUpstashHandler(server, { timeoutMs: 30_000 });
    server.requests.length = 0;
    const ended = server.nextEnds();
    const reading = handler.read("a").catch(() => {});
    await expect.poll(() => server.requests).toHaveLength(1);
    await handler.close();
    await reading;
    return Promise.race([ended, new Promise<boolean>((resolve) => setTimeout(resolve, 500, false))]);
  },
  async "no error tells what is in a session"({ createUpstashHandler }) {
    await using handler = createUpstashHandler(server);
    const id = freshId();
    await server.redis.command("rpush", id, "x");
    const writing = handler.write(id, bytes("to be kept secret"), { replaces: undefined, ttlSeconds: 60 });
    const error: unknown = await writing.catch((reason) => reason);
    return error instanceof Error && !`${error.message} ${String(error.cause)}`.includes("to be kept secret");
  },
};

const client = "adapters/upstash/client.ts";
const errors = "adapters/upstash/errors.ts";
const replies = "adapters/upstash/replies.ts";
const scripts = "adapters/upstash/scripts.ts";

const mutants: readonly (Mutant & { readonly breaks: keyof typeof checks })[] = [
  {
    law: 3,
    breaks: "bytes come back",
    bug: "bytes are stored as the text that they travel as",
    file: scripts,
    from: "local data = toBytes(ARGV[2])",
    to: "local data = ARGV[2]",
  },
  {
    law: 3,
    breaks: "bytes come back",
    bug: "bytes are sent back as they are",
    file: scripts,
    from: "' ' .. toText(data))",
    to: "' ' .. data)",
  },
  {
    law: 36,
    breaks: "a request is sent once",
    bug: "the client tries again",
    file: client,
    from: "    retry: { retries: 0 },\n",
    to: "",
  },
  {
    law: 32,
    breaks: "nothing but an answer is an answer",
    bug: "null is no session",
    file: replies,
    from: "if (sign === undefined) throw strange();",
    to: "if (reply === null) return { isDone: false, version: undefined, session: undefined };\n  if (sign === undefined) throw strange();",
  },
  {
    law: 43,
    breaks: "nothing but an answer is an answer",
    bug: "data of another length is data",
    file: replies,
    from: "if (!version.endsWith(",
    to: "if (version.length === 0 && !version.endsWith(",
  },
  {
    law: 39,
    breaks: "an abort ends the request",
    bug: "requests go on when their call has ended",
    file: client,
    from: "next = signal;",
    to: "next = undefined;",
  },
  {
    law: 35,
    breaks: "no error tells what is in a session",
    bug: "the client's message is passed on",
    file: errors,
    from: "return reply.replace(",
    to: "return message; reply.replace(",
  },
];

describe("a broken version is found out", () => {
  const copies = createMutants<Parts>("upstash");
  afterAll(() => copies[Symbol.dispose]());

  ignoreUnhandledRejections();

  test.each(Object.entries(checks))("but not the right one: %s", async (_, check) => {
    expect(await check(await import("sessionwire/upstash"))).toBe(true);
  });

  for (const mutant of mutants) {
    test(`${mutant.bug} (law ${mutant.law})`, async () => {
      expect(await checks[mutant.breaks]?.(await copies.load(mutant))).toBe(false);
    });
  }
});
