import { hash } from "node:crypto";
import type { Version } from "sessionwire";

/** The parts of a version. */
export interface State {
  /** Digest and length of the data as it is stored, and its flags if it has any. */
  readonly content: string;
  /** The connection that delivered the token. */
  readonly generation: string;
  /** The number that Memcached assigns to each change. It starts again with the server. */
  readonly cas: string;
}

/**
 * Returns the version of data as it is stored. Its digest is SHA-1, which is fast; a collision would harm only the author of the data.
 */
export function versionOf(data: Uint8Array, generation: string, cas: Buffer, flags = 0): Version {
  const content = `${hash("sha1", data, "hex")}:${data.byteLength}${flags === 0 ? "" : `.${flags}`}`;
  return `${content}:${generation}:${cas.toString("hex")}` as Version; // the only place where this store creates versions
}

/** Returns the parts of a version; for a foreign version, parts that match nothing. */
export function stateOf(version: Version): State {
  const [, content = "", generation = "", cas = ""] =
    /^([0-9a-f]{40}:\d+(?:\.\d+)?):([\w-]+):([0-9a-f]{16})$/.exec(version) ?? [];
  return { content, generation, cas };
}
