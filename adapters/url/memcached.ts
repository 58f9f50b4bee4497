import { loadMemjs } from "./clients.ts";
import type { SessionHandlerOfUrl } from "./handler-of-url.ts";

export async function openMemcached(url: string): Promise<SessionHandlerOfUrl> {
  const [{ createHandler }, memjs] = await Promise.all([import("../memcached/handler.ts"), loadMemjs()]);
  return createHandler(memjs, url, {});
}
