import assert from "node:assert/strict";
import { type Law, rejects } from "../law.ts";
import { type Decoration, operations, setUp } from "./fixture.ts";
import { ListingInnerHandler, NetworkedInnerHandler } from "./inner-handler.ts";

/** After the close, nothing is passed on. */
export const closingLaws: readonly Law<Decoration>[] = [
  {
    law: 110,
    says: "close passes through the stack once, however often it is called",
    async check(decoration) {
      const { handler: once, inner, clock } = setUp(decoration);
      const handler = decoration.decorate(once, clock);
      await Promise.all([handler.close(), handler.close(), handler[Symbol.asyncDispose]()]);
      await handler.close();
      assert.equal(inner.closes, 1);
    },
  },
  {
    law: 40,
    says: "after the close every call is refused as closed, and nothing is passed on",
    async check(decoration) {
      const networked = setUp(decoration, new NetworkedInnerHandler());
      const listing = setUp(decoration, new ListingInnerHandler());
      await networked.handler.close();
      await listing.handler.close();
      for (const { changes, make } of operations) {
        await rejects(make(networked.handler), "closed", changes ? "not-applied" : undefined);
      }
      await rejects(networked.handler.ping(), "closed");
      await rejects(networked.handler.reconnect(), "closed");
      if (!decoration.changesKeys) await rejects(listing.handler.list(), "closed");
      assert.deepEqual([...networked.inner.asked, ...listing.inner.asked], []);
    },
  },
];
