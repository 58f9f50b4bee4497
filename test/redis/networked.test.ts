// @module-tag real-time

import { describeNetworked } from "../conformance/networked.ts";
import { redisHarness } from "../conformance/stores/redis.ts";
import { expectNoEscapes } from "../redis/escapes.ts";

expectNoEscapes();

describeNetworked(redisHarness());
