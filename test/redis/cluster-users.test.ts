import { createRedisHandler } from "sessionwire/redis";
import { afterAll } from "vitest";
import { startRedisCluster } from "../servers/redis-cluster.ts";
import { testUsers } from "../session/user-checks.ts";
import { clusterClient } from "./cluster-scene.ts";

const cluster = await startRedisCluster();
afterAll(() => cluster.stop());
testUsers(() => createRedisHandler(clusterClient(cluster.servers)));
