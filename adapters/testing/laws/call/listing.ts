import assert from "node:assert/strict";
import type { ListingSessionHandler, NetworkedSessionHandler } from "sessionwire";
import type { KeyPage, ListingSessionBackend, ListOptions } from "sessionwire/backend";
import { createVirtualClock, settled } from "../../virtual-clock.ts";
import { type Law, rejects, watch } from "../law.ts";
import { type CreateHandler, createListing } from "./fixture.ts";

/** A listing is a call like any other. */
export const listingLaws: readonly Law<CreateHandler>[] = [
  {
    law: 112,
    says: "a guarded handler can list exactly if its backend can, and can ping if the backend can do that too",
    async check(createHandler) {
      const { list, ...plain } = listing(() => ({ keys: [], next: undefined }));
      assert.ok(!("list" in createHandler(plain, { name: "A store" })));
      const both = { ...plain, list, ping() {}, reconnect() {} };
      const handler = createListing(createHandler, both) as ListingSessionHandler & NetworkedSessionHandler;
      await handler.ping();
      assert.deepEqual(await handler.list(), { ids: [], next: undefined });
    },
  },
  {
    law: 112,
    says: "the backend is asked for keys with both prefixes, and any other keys in its answer are left out",
    async check(createHandler) {
      const asked: unknown[] = [];
      const keys = ["s:ab", "s:a", "s:b", "s1:ab", "ab", "s:", "", `s:a${"x".repeat(1024)}`, "s:a\ud800"];
      const backend = listing((prefix, cursor) => {
        asked.push([prefix, cursor]);
        return { keys, next: "more" };
      });
      const handler = createListing(createHandler, backend, { prefix: "s:" });
      assert.deepEqual(await handler.list({ prefix: "a", cursor: "here" }), { ids: ["ab", "a"], next: "more" });
      assert.deepEqual((await handler.list()).ids, ["ab", "a", "b"]);
      assert.deepEqual(asked, [
        ["s:a", "here"],
        ["s:", undefined],
      ]);
    },
  },
  {
    law: 112,
    says: "wrong arguments are refused before the backend is called",
    async check(createHandler) {
      const asked: unknown[] = [];
      const backend = listing((...args) => {
        asked.push(args);
        return { keys: [], next: undefined };
      });
      const handler = createListing(createHandler, backend);
      await rejects(handler.list({ prefix: "\ud800" }), "invalid-id");
      await assert.rejects(handler.list({ cursor: "" }), TypeError);
      await assert.rejects(handler.list({ prefxi: "a" } as ListOptions), TypeError);
      assert.deepEqual(asked, []);
    },
  },
  {
    law: 112,
    says: "a listing settles by the deadline, by the signal or by close",
    async check(createHandler) {
      const clock = createVirtualClock();
      const backend = listing(() => new Promise(() => {}));
      const handler = createListing(createHandler, backend, { clock, timeoutMs: 500 });
      const late = watch(handler.list());
      await clock.advance(499);
      assert.equal(late.state, "pending");
      await clock.advance(1);
      await rejects(Promise.reject(late.error), "timeout");
      const abortion = new AbortController();
      const left = watch(handler.list({ signal: abortion.signal }));
      await settled();
      abortion.abort();
      await settled();
      await rejects(Promise.reject(left.error), "aborted");
      const closed = watch(handler.list());
      await settled();
      await handler.close();
      await settled();
      await rejects(Promise.reject(closed.error), "closed");
      assert.equal(clock.pending, 0);
    },
  },
];

/** Returns a backend that can only list. */
function listing(list: (prefix?: string, cursor?: string) => KeyPage | Promise<KeyPage>): ListingSessionBackend {
  return {
    read: () => undefined,
    write: () => ({ written: false, current: undefined }),
    touch: () => false,
    destroy: () => ({ destroyed: false, current: undefined }),
    list,
    close() {},
  };
}
