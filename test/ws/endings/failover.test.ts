// @module-tag real-time

import { describe, expect, test } from "vitest";
import { expectNoEscapes } from "../../redis/escapes.ts";
import { openEndings } from "./processes.ts";
import { endDuring, TEST_TIMEOUT_MS } from "./scene.ts";
import { topologies } from "./topologies.ts";

expectNoEscapes();

describe.each(Object.entries(topologies))("on %s", (where, open) => {
  test.each(["killed", "frozen"] as const)(
    "no socket is missed if the master of the channel is %s while sessions end, and has a successor (law 115)",
    async (end) => {
      await using topology = await open();
      using stage = await openEndings({ store: topology.url, channel: topology.url });
      const former = await topology.master();
      await endDuring(`${where}, the master is ${end}`, stage, async (endSessions) => {
        await topology.settled();
        using _ = end === "frozen" ? former.freeze() : undefined;
        if (end === "killed") await former.kill();
        const ending = endSessions();
        await topology.successorOf(former);
        await ending;
      });
      expect(await topology.master()).not.toBe(former);
    },
    TEST_TIMEOUT_MS,
  );
});
