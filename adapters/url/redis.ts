import { loadIoredis } from "./clients.ts";
import type { SessionHandlerOfUrl } from "./handler-of-url.ts";

export async function openRedis(url: string): Promise<SessionHandlerOfUrl> {
  const [{ createHandler }, { Redis }] = await Promise.all([import("../redis/handler.ts"), loadIoredis()]);
  return createHandler(Redis, url, {});
}
