import { Redis } from "ioredis";
import { openBareMemjs } from "../../memcached/bare-memjs.ts";
import type { Ports } from "./php-requests.ts";
import type { SaveHandler } from "./save-handlers.ts";

const ttlSeconds = 1440;

/** The stored texts of sessions, by the bare client of the server. */
export interface RawSessions extends Disposable {
  read(saveHandler: SaveHandler, id: string): Promise<string | undefined>;
  /** Writes whatever is there. */
  write(saveHandler: SaveHandler, id: string, text: string): Promise<void>;
}

export function openRawSessions(ports: Ports): RawSessions {
  const redis = new Redis(ports.redis, "127.0.0.1");
  const memcached = openBareMemjs(`127.0.0.1:${ports.memcached}`);
  return {
    async read({ server, keyPrefix }, id) {
      const key = keyPrefix + id;
      if (server === "redis") return (await redis.get(key)) ?? undefined;
      return (await memcached.get(key)).value?.toString();
    },
    async write({ server, keyPrefix }, id, text) {
      const key = keyPrefix + id;
      if (server === "redis") await redis.setex(key, ttlSeconds, text);
      else await memcached.set(key, text, { expires: ttlSeconds });
    },
    [Symbol.dispose]() {
      redis.disconnect();
      memcached[Symbol.dispose]();
    },
  };
}

/** Returns an attribute that is a number. */
export function numberIn(text: string | undefined, name: string): number {
  return Number(new RegExp(`"${name}";i:(\\d+);`).exec(text ?? "")?.[1] ?? Number.NaN);
}

/** Returns the text with another number in that attribute. */
export function withNumber(text: string, name: string, value: number): string {
  return text.replace(new RegExp(`("${name}";i:)\\d+`), `$1${value}`);
}

/** Returns the text of a session that was last used a minute before. */
export function aged(text: string): string {
  return text.replace(/(?<="u";i:)\d+/, (used) => String(Number(used) - 60));
}
