import type { SessionHandlerOfUrl } from "../url.ts";
import { loadIoredis } from "./clients.ts";

export async function openRedis(url: string): Promise<SessionHandlerOfUrl> {
  const [{ createHandler }, { Redis }] = await Promise.all([import("../redis/handler.ts"), loadIoredis()]);
  return createHandler(Redis, url, {});
}
