import type { StoredSession, Version } from "../../handler.ts";

/** The result of looking for a session. */
export type Located =
  | { readonly location: "new" | "old"; readonly stored: StoredSession }
  /** It has ended, and left a tombstone in the new store. */
  | { readonly location: "ended"; readonly stored: StoredSession }
  | { readonly location: "nowhere" };

/** Returns the session with a version that names its store; `undefined` if there is none. */
export function sessionOf(found: Located): StoredSession | undefined {
  if (found.location !== "new" && found.location !== "old") return undefined;
  return { data: found.stored.data, version: versionIn(found.location, found.stored.version) };
}

/** Returns a version that names the store as well. */
export function versionIn(location: "new" | "old", version: Version): Version {
  return `${location}:${version}` as Version; // callers treat it as opaque
}

/** Splits a version made by {@link versionIn}. */
export function locate(version: Version): { readonly location: "new" | "old"; readonly version: Version } {
  const location = version.startsWith("old:") ? "old" : "new";
  return { location, version: version.slice(4) as Version }; // as it was before `versionIn`
}
