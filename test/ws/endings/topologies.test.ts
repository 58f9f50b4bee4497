// @module-tag real-time

import { describe, expect, test } from "vitest";
import { expectNoEscapes } from "../../redis/escapes.ts";
import { openEndings } from "./processes.ts";
import { endDuring, endedInOrder, TEST_TIMEOUT_MS } from "./scene.ts";
import { topologies } from "./topologies.ts";

expectNoEscapes();

describe.each(Object.entries(topologies))("on %s", (where, open) => {
  test(
    "sockets close when their session ends in another process, and those of a moved session with 4301 (law 121)",
    async () => {
      await using topology = await open();
      using stage = await openEndings({ store: topology.url, channel: topology.url });
      expect(await endDuring(where, stage, (end) => end())).toEqual(endedInOrder);
    },
    TEST_TIMEOUT_MS,
  );
});
