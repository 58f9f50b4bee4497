import type { Json } from "sessionwire/backend";

/** The settings of Symfony on which its metadata depends. */
export interface MetadataSettings {
  readonly cookieLifetimeSeconds: number;
  readonly metadataUpdateThresholdSeconds: number;
}

/**
 * Returns metadata as updated by Symfony's MetadataBag when a session is used: `c` at its creation, `u` at each use,
 * and `l`, the lifetime of the cookie, all in seconds. Other names are kept.
 */
export function stampedMetadata(
  metadata: ReadonlyMap<string, Json>,
  now: number,
  { cookieLifetimeSeconds, metadataUpdateThresholdSeconds }: MetadataSettings,
): ReadonlyMap<string, Json> {
  const seconds = Math.floor(now / 1000);
  if ((metadata.get("c") ?? null) === null) {
    return new Map(metadata).set("u", seconds).set("c", seconds).set("l", cookieLifetimeSeconds);
  }
  const usedAt = secondsOf(metadata.get("u"));
  if (usedAt !== undefined && seconds - usedAt < metadataUpdateThresholdSeconds) return metadata;
  return new Map(metadata).set("u", seconds);
}

/** Returns the time of last use; `undefined` if it is not numeric. PHP fails on such a value, which a write replaces. */
function secondsOf(usedAt: Json | undefined): number | undefined {
  if (typeof usedAt === "number") return usedAt;
  return typeof usedAt === "string" && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(usedAt)
    ? Number(usedAt)
    : undefined;
}
