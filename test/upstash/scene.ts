import { Redis, type RedisConfigNodejs } from "@upstash/redis";
import { createUpstashHandler, type UpstashCredentials, type UpstashHandlerOptions } from "sessionwire/upstash";
import { afterAll } from "vitest";
import { startUpstash, type UpstashServer } from "../servers/upstash-server.ts";

/** A server for the tests of a file, and a handler that reaches it without any fault in between. Both end with the file. */
export async function openScene(options: UpstashHandlerOptions = {}): Promise<{
  readonly server: UpstashServer;
  readonly source: UpstashCredentials;
  readonly handler: ReturnType<typeof createUpstashHandler>;
}> {
  const server = await startUpstash();
  const source = { url: server.url, token: server.token };
  const handler = createUpstashHandler(source, options);
  afterAll(async () => {
    await handler.close();
    await server.stop();
  });
  return { server, source, handler };
}

/** A client as it comes, but for what would keep a test waiting: what the handler has to do better than. */
export function openBareUpstash(
  source: UpstashCredentials,
  options: Omit<RedisConfigNodejs, keyof UpstashCredentials> = {},
): Redis {
  return new Redis({ ...source, retry: { retries: 1, backoff: () => 1 }, enableTelemetry: false, ...options });
}
