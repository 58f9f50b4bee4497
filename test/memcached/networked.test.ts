// @module-tag real-time

import { describeNetworked } from "../conformance/networked.ts";
import { memcachedHarness } from "../conformance/stores/memcached.ts";
import { expectNoEscapes } from "../redis/escapes.ts";

expectNoEscapes();

describeNetworked(memcachedHarness());
