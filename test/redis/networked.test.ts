// @module-tag real-time

import { describeNetworked } from "../conformance/networked.ts";
import { redis } from "../conformance/stores/redis.ts";

describeNetworked(redis);
