import assert from "node:assert/strict";
import { bytes, rejects } from "../law.ts";
import { type NetworkedLaw, slackMs, ttlSeconds } from "./fixture.ts";
import { inTime, until } from "./waiting.ts";

const creation = { replaces: undefined, ttlSeconds };

/** A call that ends before there is a connection was not sent, and its error says so. */
export const unsentLaws: readonly NetworkedLaw[] = [
  {
    law: 34,
    says: "a change that is aborted while its connection is being opened was not applied, and is not sent (law 39)",
    async check({ server, proxy, open }) {
      const handler = open();
      proxy.requests.delayMs = 50;
      proxy.replies.delayMs = 50;
      const controller = new AbortController();
      const { signal } = controller;
      const aborted = rejects(handler.write("a", bytes("x"), { ...creation, signal }), "aborted", "not-applied");
      await until(() => proxy.accepted === 1);
      controller.abort();
      await aborted;
      await handler.ping();
      assert.equal(await server.changes(), 0);
    },
  },
  {
    law: 34,
    says: "a change that ends by closing while its connection is being opened was not applied",
    async check({ proxy, open }) {
      proxy.newConnections = "silent";
      const handler = open();
      const closed = rejects(handler.write("a", bytes("x"), creation), "closed", "not-applied");
      await until(() => proxy.open === 1);
      await handler.close();
      await closed;
    },
  },
  {
    law: 34,
    says: "a change that runs out of time while its connection is being opened was not applied (law 38)",
    async check({ proxy, open }) {
      proxy.newConnections = "silent";
      const handler = open({ timeoutMs: 300 });
      const write = handler.write("a", bytes("x"), creation);
      await inTime(300 + slackMs, rejects(write, "timeout", "not-applied"));
    },
  },
];
