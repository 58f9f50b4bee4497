import { handlerOptions } from "../store-url/handler-options.ts";
import { parseStoreUrl } from "../store-url/store-url.ts";
import type { SessionHandlerOfUrl } from "./handler-of-url.ts";

/**
 * Creates the handler. The token takes the place of the user in the URL, as Upstash itself shows it beside its REST
 * URL.
 */
export async function openUpstash(text: string): Promise<SessionHandlerOfUrl> {
  const address = parseStoreUrl(text);
  const { scheme, hosts, path, username: token, password } = address;
  const [first, ...more] = hosts;
  if (first === undefined || more.length > 0 || path !== "" || !token || password !== undefined) {
    throw new TypeError("The URL of Upstash names one host, with the token before it: upstash+https://token@host");
  }
  const options = handlerOptions(address, {}, []);
  const { createUpstashHandler } = await import("sessionwire/upstash");
  const { host, port } = first;
  const protocol = scheme.replace("upstash+", "");
  const url = `${protocol}://${host.includes(":") ? `[${host}]` : host}${port === undefined ? "" : `:${port}`}`;
  return createUpstashHandler({ url, token }, options);
}
