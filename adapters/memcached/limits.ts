import { SessionError } from "sessionwire";

/** What a server takes. */
export interface ItemLimits {
  /** Of a whole item: data, key and what Memcached adds to them. */
  readonly itemBytes: number;
  /** Whether it compares CAS tokens. */
  readonly comparesTokens: boolean;
}

/** What Memcached adds to data and key is 59 bytes, measured on 1.6.18 with items of up to 8 MiB; a later version may add more. */
const overheadBytes = 128;

/** A server that does not tell, such as a proxy, is taken for one as it is by default. */
export function limitsFrom(settings: ReadonlyMap<string, string>): ItemLimits {
  return {
    itemBytes: Number(settings.get("item_size_max") ?? 1_048_576),
    comparesTokens: settings.get("cas_enabled") !== "no",
  };
}

/** Memcached deletes what it has when it is to replace it with something too large: it must not even be asked to. */
export function checkSize(key: string, data: Uint8Array, { itemBytes }: ItemLimits): void {
  const mostBytes = itemBytes - overheadBytes - Buffer.byteLength(key);
  if (data.byteLength <= mostBytes) return;
  throw new SessionError(
    "too-large",
    `The session has ${data.byteLength} bytes; this Memcached server takes at most ${mostBytes}. Its option -I raises that.`,
    { outcome: "not-applied" },
  );
}
