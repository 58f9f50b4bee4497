import type { ClusterPlace } from "./cluster-place.ts";
import { type SafeOptions, safeOver } from "./safe-options.ts";
import { addressOf, nameOf, renaming } from "./topology.ts";

/** The way in which the servers of a Cluster are found and reached. */
export interface ClusterSource {
  /** The names of the servers to ask first. */
  readonly startupNodes: readonly string[];
  /** Returns the connection options for the server of this name. */
  optionsFor(name: string): SafeOptions;
  /** Returns the name by which a server is reached that announces itself under the given name. */
  rename(name: string): string;
  readonly keyPrefix: string;
}

export function clusterSource(place: ClusterPlace, safe: SafeOptions): ClusterSource {
  const { redisOptions, keyPrefix, natMap } = place;
  const startup = new Map(place.startupNodes.map((options) => [nameOf(options), options]));
  const rename = renaming(natMap);
  return {
    startupNodes: [...startup.keys()],
    optionsFor: (name) =>
      safeOver({ ...redisOptions, ...startup.get(name) }, { ...safe, keyPrefix, db: 0, ...addressOf(name) }),
    rename: (name) => nameOf(rename(addressOf(name))),
    keyPrefix,
  };
}
