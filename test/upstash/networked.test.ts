// @module-tag real-time

import { describeNetworked } from "../conformance/networked.ts";
import { upstash } from "../conformance/stores/upstash.ts";

describeNetworked(upstash);
