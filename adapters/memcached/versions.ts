import { hash } from "node:crypto";
import type { Version } from "sessionwire";

/** A version in its parts. */
export interface State {
  /** Digest and length of the data. */
  readonly content: string;
  /** The connection that the token came over. */
  readonly generation: string;
  /** The number that Memcached gives to each change. It starts again with the server. */
  readonly cas: string;
}

/** SHA-1 is what is fast; a collision would harm only who made it. */
export function versionOf(data: Uint8Array, generation: string, cas: Buffer): Version {
  const content = `${hash("sha1", data, "hex")}:${data.byteLength}`;
  return `${content}:${generation}:${cas.toString("hex")}` as Version; // the one place where this store makes versions
}

/** The parts; of a version that is none of ours, parts that match nothing. */
export function stateOf(version: Version): State {
  const [, content = "", generation = "", cas = ""] =
    /^([0-9a-f]{40}:\d+):([\w-]+):([0-9a-f]{16})$/.exec(version) ?? [];
  return { content, generation, cas };
}
