// @module-tag real-time

import { describeStandStill } from "../conformance/stand-still.ts";
import { redis } from "../conformance/stores/redis.ts";

describeStandStill(redis);
