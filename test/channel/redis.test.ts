// @module-tag real-time

import { createRedisChannel } from "sessionwire/redis";
import { defineCases } from "sessionwire/testing";
import { describe, test } from "vitest";
import { redisChannelCases } from "./redis-laws.ts";

defineCases("channels on Redis", redisChannelCases({ createRedisChannel }), { describe, it: test });
