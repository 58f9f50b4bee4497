import { SessionError } from "sessionwire";

/** The limits of a server. */
export interface ItemLimits {
  /** Maximum size of a whole item in bytes: data, key and the overhead of Memcached. */
  readonly itemBytes: number;
  /** `true` if the server compares CAS tokens. */
  readonly comparesTokens: boolean;
}

/**
 * Overhead that Memcached adds to data and key, in bytes. It is 59, measured on 1.6.18 with items of up to 8 MiB; later
 * versions may add more.
 */
const overheadBytes = 128;

/** Reads the limits. A server that does not report them, such as a proxy, is treated as one with default settings. */
export function limitsFrom(settings: ReadonlyMap<string, string>): ItemLimits {
  return {
    itemBytes: Number(settings.get("item_size_max") ?? 1_048_576),
    comparesTokens: settings.get("cas_enabled") !== "no",
  };
}

/** Rejects oversized data before it is sent: Memcached deletes an item when its replacement is too large. */
export function checkSize(key: string, data: Uint8Array, { itemBytes }: ItemLimits): void {
  const mostBytes = itemBytes - overheadBytes - Buffer.byteLength(key);
  if (data.byteLength <= mostBytes) return;
  throw new SessionError(
    "too-large",
    `The session has ${data.byteLength} bytes; this Memcached server accepts at most ${mostBytes}. Its option -I raises the limit.`,
    { outcome: "not-applied" },
  );
}
