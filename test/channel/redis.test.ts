// @module-tag real-time

import { createRedisChannel, createRedisKeyspaceChannel } from "sessionwire/redis";
import { defineCases } from "sessionwire/testing";
import { describe, test } from "vitest";
import { redisChannelCases } from "./redis-laws.ts";

defineCases("channels on Redis", redisChannelCases({ createRedisChannel, createRedisKeyspaceChannel }), {
  describe,
  it: test,
});
