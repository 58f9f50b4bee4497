// @module-tag real-time

import { createRedisChannel, createRedisKeyspaceChannel } from "sessionwire/redis";
import { channelCases, defineCases } from "sessionwire/testing";
import { describe, test } from "vitest";
import { keyspaceLaws } from "../channel/keyspace-laws.ts";
import { redisChannelHarness } from "../channel/redis.ts";
import { casesOf } from "../conformance/cases.ts";
import { useValkey } from "../servers/valkey-binary.ts";

useValkey();

const cases = [
  ...channelCases(redisChannelHarness(createRedisChannel)),
  ...casesOf(keyspaceLaws, { createRedisKeyspaceChannel }),
];
defineCases("channels on a real Valkey", cases, { describe, it: test });
