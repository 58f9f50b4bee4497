// @module-tag real-time

import { describeNetworked } from "../conformance/networked.ts";
import { upstashHarness } from "../conformance/stores/upstash.ts";
import { expectNoEscapes } from "../redis/escapes.ts";

expectNoEscapes();

describeNetworked(upstashHarness());
