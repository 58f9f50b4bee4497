import { Redis } from "ioredis";

/** An ioredis client as it comes, with its default options: what the handler has to do better than. */
export function openBareRedis(url: string, options: { readonly commandTimeout?: number } = {}): Redis & Disposable {
  const client = new Redis(url, options);
  client.on("error", () => {}); // its calls tell, or do not tell, what is wrong
  return Object.assign(client, {
    [Symbol.dispose]() {
      client.disconnect();
      client.stream?.destroy();
    },
  });
}
