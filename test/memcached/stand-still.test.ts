// @module-tag real-time

import { describeStandStill } from "../conformance/stand-still.ts";
import { memcached } from "../conformance/stores/memcached.ts";

describeStandStill(memcached);
