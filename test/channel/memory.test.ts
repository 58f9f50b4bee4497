import { createMemoryChannel } from "sessionwire/memory";
import { channelCases, defineCases } from "sessionwire/testing";
import { describe, test } from "vitest";
import { memoryChannelHarness } from "./memory.ts";

defineCases("channels in the memory", channelCases(memoryChannelHarness(createMemoryChannel)), { describe, it: test });
