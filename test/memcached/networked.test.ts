// @module-tag real-time

import { describeNetworked } from "../conformance/networked.ts";
import { memcached } from "../conformance/stores/memcached.ts";

describeNetworked(memcached);
