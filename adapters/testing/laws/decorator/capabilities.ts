import assert from "node:assert/strict";
import type { SessionPage } from "sessionwire/backend";
import { type Law, rejects } from "../law.ts";
import { type Decoration, setUp } from "./fixture.ts";
import { InnerHandler, ListingInnerHandler, NetworkedInnerHandler } from "./inner-handler.ts";

/** A decorated handler has the capabilities of the inner one, and no others. */
export const capabilityLaws: readonly Law<Decoration>[] = [
  {
    law: 106,
    says: "a decorated handler can ping, reconnect, name connections and list exactly if the inner one can",
    async check(decoration) {
      const connection = ["ping", "reconnect", "connectionOf"];
      for (const [inner, expected] of [
        [new InnerHandler(), []],
        [new NetworkedInnerHandler(), connection],
        [new ListingInnerHandler(), decoration.changesKeys ? [] : ["list"]],
      ] as const) {
        const { handler } = setUp(decoration, inner);
        assert.deepEqual(
          [...connection, "list"].filter((method) => method in handler),
          expected,
        );
      }
    },
  },
  {
    law: 106,
    says: "pings, reconnections and names of connections are those of the inner handler",
    async check(decoration) {
      const { handler, inner } = setUp(decoration, new NetworkedInnerHandler());
      await handler.ping({ connection: "x" });
      await handler.reconnect({ connection: "y" });
      await handler.ping();
      assert.deepEqual(
        inner.asked.map(([method, options]) => [method, Object(options).connection]),
        [
          ["ping", "x"],
          ["reconnect", "y"],
          ["ping", undefined],
        ],
      );
      await handler.read("a");
      assert.equal(handler.connectionOf("a"), inner.connectionOf(String(inner.asked.at(-1)?.[1])));
    },
  },
  {
    law: 106,
    says: "a decorated handler states a maximum session size exactly if the inner one does, and never a larger one",
    async check(decoration) {
      assert.ok(!("maxBytes" in setUp(decoration).handler));
      const { maxBytes } = setUp(decoration, Object.assign(new InnerHandler(), { maxBytes: 1234 })).handler;
      if (decoration.changesBytes) assert.ok(maxBytes !== undefined && maxBytes > 0 && maxBytes <= 1234);
      else assert.equal(maxBytes, 1234);
    },
  },
  {
    law: 112,
    says: "a listing is passed on once with its prefix and its cursor, and its page is returned unchanged",
    async check(decoration) {
      const { handler, inner } = setUp(decoration, new ListingInnerHandler());
      const page: SessionPage = { ids: ["a"], next: "b" };
      inner.answers.list = () => page;
      assert.equal(await handler.list({ prefix: "p", cursor: "c" }), page);
      assert.equal(await handler.list(), page);
      await handler.close();
      await rejects(handler.list(), "closed");
      assert.deepEqual(
        inner.asked.map(([method, options]) => [method, Object(options).prefix, Object(options).cursor]),
        [
          ["list", "p", "c"],
          ["list", undefined, undefined],
        ],
      );
    },
  },
];
