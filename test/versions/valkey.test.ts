// @module-tag real-time

import { testVersionOfRedis } from "./of-redis.ts";
import { versions } from "./servers.ts";

testVersionOfRedis(versions.valkey);
