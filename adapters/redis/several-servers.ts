// The parts that only a Cluster or sentinels need: a file of its own in the package, loaded with the first connection to them.

export { createClusterConnections } from "./cluster.ts";
export { createMasterFinder } from "./sentinel.ts";
