import type { SessionHandlerOfUrl } from "../url.ts";
import type { StoreAddress } from "./address.ts";
import { loadMemjs } from "./clients.ts";
import { handlerOptions } from "./options.ts";

export async function openMemcached(address: StoreAddress): Promise<SessionHandlerOfUrl> {
  const { hosts, path, text } = address;
  if (hosts.length === 0 || path !== "") {
    throw new TypeError("The URL of Memcached names its servers, and no path: memcached://host,host");
  }
  const options = handlerOptions(address, []);
  const [{ createHandler }, memjs] = await Promise.all([import("../memcached/handler.ts"), loadMemjs()]);
  const [servers = ""] = text.split("?");
  return createHandler(memjs, servers, options);
}
