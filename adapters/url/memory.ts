import { handlerOptions, numberIn } from "../store-url/handler-options.ts";
import { parseStoreUrl } from "../store-url/store-url.ts";
import type { SessionHandlerOfUrl } from "./handler-of-url.ts";

export async function openMemory(text: string): Promise<SessionHandlerOfUrl> {
  const url = parseStoreUrl(text);
  if (url.hosts.length > 0 || url.path !== "") {
    throw new TypeError("The memory store has neither host nor path: its URL is memory:");
  }
  const options = handlerOptions(url, {}, ["maxSessions", "maxTotalBytes"]);
  const { createMemoryHandler } = await import("sessionwire/memory");
  return createMemoryHandler({
    ...options,
    maxSessions: numberIn(url.query, "maxSessions"),
    maxTotalBytes: numberIn(url.query, "maxTotalBytes"),
  });
}
