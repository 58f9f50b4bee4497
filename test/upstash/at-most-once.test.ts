import { Redis } from "@upstash/redis";
import { Redis as CloudflareRedis } from "@upstash/redis/cloudflare";
import { Redis as FastlyRedis } from "@upstash/redis/fastly";
import { createSessionManager, expressFormat } from "sessionwire";
import { createUpstashHandler, type UpstashSource } from "sessionwire/upstash";
import { describe, expect, test, vi } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { create, freshId, textOf } from "../redis/session-data.ts";
import { failureOf } from "../redis/settling.ts";
import { operationsOn } from "./operations.ts";
import { openScene } from "./scene.ts";

expectNoEscapes();

const { server, source, handler } = await openScene();

const eager = { ...source, retry: { retries: 3, backoff: () => 1 } };

class TwiceRedis extends Redis {
  constructor() {
    super({ ...eager, enableAutoPipelining: false });
    const once = this.eval;
    this.eval = async (...args) => {
      await once(...args).catch(() => {});
      return once(...args) as never; // whatever a script answers
    };
  }
}

/** Whatever is called is called twice. */
function twice(client: Redis): Redis {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        await value.apply(target, args);
        return value.apply(target, args);
      };
    },
  });
}

const changed = new Redis({ ...source, retry: { retries: 0 } });

const sources: readonly [string, UpstashSource][] = [
  ["a URL and a token", source],
  ["a client as it comes, which sends six times and puts commands together", new Redis(source)],
  ["a client with a number of retries", new Redis(eager)],
  ["a client with `retry: false`, which sends twice", new Redis({ ...source, retry: false })],
  [
    "a client with everything else that it can be told",
    new Redis({ ...eager, keepAlive: false, readYourWrites: false, responseEncoding: false, cache: "default" }),
  ],
  ["a client with a signal that is aborted", new Redis({ ...eager, signal: AbortSignal.abort() })],
  ["a client without pipelines", new Redis({ ...eager, enableAutoPipelining: false })],
  ["a client of Cloudflare", new CloudflareRedis(eager)],
  ["a client of Fastly", new FastlyRedis({ ...eager, backend: "upstash" })],
  ["a client of a subclass that does everything twice", new TwiceRedis()],
  ["a client in a wrapper that does everything twice", twice(new Redis(eager))],
  ["a client that is changed afterwards", changed],
  ["a function that makes a client", () => new Redis(eager)],
  ["a function that names a URL and a token", () => source],
];

describe("each command is sent once, even if its answer is lost (law 36), by a handler made from", () => {
  test.each(sources)("%s", async (_, given) => {
    await using made = createUpstashHandler(given);
    Object.assign(Reflect.get(changed, "client"), { retry: { attempts: 3, backoff: () => 1 } });
    const { id, version } = await create(made);
    for (const fault of ["cut before", "cut after"] as const) {
      for (const { run, changes, name } of operationsOn(id, version)) {
        const before = server.requests.length;
        server.next(fault);
        const error = await failureOf(run(made));
        expect(error, name).toMatchObject({ code: "unavailable", ...(changes && { outcome: "unknown" }) });
        await handler.ping();
        expect(server.requests.slice(before).map(({ path }) => path)).toEqual(["/pipeline", "/"]);
      }
    }
  });

  test.each(sources)("%s, so that a counter is never counted twice (law 87)", async (_, given) => {
    await using sessions = createSessionManager<{ n: number }>({
      handler: createUpstashHandler(given),
      format: expressFormat(),
    });
    const id = freshId();
    const session = await sessions.create({ id });
    session.set("n", 0);
    await session.save();
    session.update("n", (n = 0) => n + 1);
    server.next("cut after");
    expect(await failureOf(session.save())).toMatchObject({ outcome: "unknown" });
    expect(JSON.parse(textOf(await handler.read(`sess:${id}`)) ?? "")).toMatchObject({ n: 1 });
  });
});

test("a given client is never used, and keeps working as before", async () => {
  const client = new Redis({ ...source, enableAutoPipelining: false });
  const [evaluate, ping] = [vi.spyOn(client, "eval"), vi.spyOn(client, "ping")];
  await using made = createUpstashHandler(client);
  const { id } = await create(made);
  await Promise.all([made.ping(), made.reconnect()]);
  expect(evaluate).not.toHaveBeenCalled();
  expect(ping).not.toHaveBeenCalled();
  expect(await client.get(id)).toBe("first");
});

test("no answer leads to a second sending, except 421, which says that nothing was done", async () => {
  for (const status of [301, 302, 307, 308, 401, 408, 425, 429, 500, 502, 503, 504]) {
    const before = server.requests.length;
    server.next({ status, body: "", headers: { location: "/again", "retry-after": "0" } });
    const error = await failureOf(handler.touch("a", 60));
    expect(error.outcome, `${status}`).toBe("unknown");
    expect(server.requests.length - before, `${status}`).toBe(1);
  }
  const before = server.requests.length;
  server.next({ status: 421, body: "" });
  expect(await handler.touch("a", 60)).toBe(false);
  expect(server.requests.length - before).toBe(2);
});
