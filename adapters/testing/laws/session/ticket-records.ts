import assert from "node:assert/strict";
import { losesReply, losesRequest } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";
import { issued, redeemed, storedSession } from "./ticket-fixture.ts";

/** The stored record leads nobody to a session. */
export const ticketRecordLaws: readonly SessionLaw[] = [
  inEveryFormat(
    129,
    "neither key nor record of a ticket reveals the ticket, the id or the key of the session",
    async (fixture) => {
      const { store, format, sessions } = fixture;
      const session = await storedSession(sessions);
      const { ticket, key, ttlSeconds } = await issued(fixture, session);
      const text = new TextDecoder().decode((await store.read(key))?.data);
      assert.equal(typeof JSON.parse(text), "object"); // readers of express-session parse any JSON
      const hex = (secret: string) => Array.from(secret, (each) => each.charCodeAt(0).toString(16)).join("");
      for (const secret of [ticket, session.id, await format.keyOf(session.id)]) {
        for (const form of [secret, hex(secret), btoa(secret).replace(/=+$/, "")]) {
          assert.ok(!key.includes(form) && !text.includes(form));
        }
      }
      assert.equal(ttlSeconds, 30);
    },
  ),
  inEveryFormat(129, "two tickets of one session have nothing in common", async (fixture) => {
    const session = await storedSession(fixture.sessions);
    const texts = new Set<string>();
    for (let count = 0; count < 5; count += 1) {
      const { key } = await issued(fixture, session);
      const { sealed } = JSON.parse(new TextDecoder().decode((await fixture.store.read(key))?.data));
      texts.add(key).add(sealed).add(sealed.slice(0, 8)).add(sealed.slice(-8));
    }
    assert.equal(texts.size, 20);
  }),
  inEveryFormat(
    129,
    "a ticket is stored under a key that no session can have, and is never read as one",
    async (fixture) => {
      const { sessions, format } = fixture;
      const { ticket, key } = await issued(fixture, await storedSession(sessions));
      assert.ok(!key.startsWith(format.keyPrefix));
      for (const id of [ticket, key, key.slice(format.keyPrefix.length)]) {
        assert.equal(await sessions.open(id), undefined);
        await sessions.destroy(id);
      }
      assert.deepEqual(await redeemed(sessions, [ticket]), [true]);
    },
  ),
  inEveryFormat(
    129,
    "a chosen id can never be the key of a ticket, and no prefix has the tickets of another",
    async (fixture) => {
      const withPrefix = (keyPrefix: string) =>
        fixture.process({ format: { ...fixture.format, keyPrefix, keyOf: (id) => keyPrefix + id } });
      for (const prefix of ["", "t", "ticket:", "ticket:mine:"]) {
        const { tickets } = withPrefix(prefix);
        await assert.rejects(tickets.issue({ id: fixture.format.createId() }), TypeError);
        await assert.rejects(tickets.redeem("A".repeat(43)), TypeError);
      }
      const [mine, yours] = [withPrefix("mine:"), withPrefix("yours:")];
      const ticket = await mine.tickets.issue(await storedSession(mine));
      assert.deepEqual(await redeemed(yours, [ticket]), [false]);
      assert.deepEqual(await redeemed(mine, [ticket]), [true]);
    },
  ),
  inEveryFormat(129, "a text that cannot be a ticket is not looked up in the store", async ({ sessions, handler }) => {
    const ticket = await sessions.tickets.issue(await storedSession(sessions));
    const { length } = handler.calls;
    const odd = ["", "a", `${ticket}=`, ticket.slice(1), `${ticket.slice(1)}ä`, `\n${ticket}`, undefined, null, 7, {}];
    for (const each of odd) assert.equal(await sessions.tickets.redeem(each as string), undefined);
    assert.equal(handler.calls.length, length);
    for (const options of [{ keepAlive: true }, { signal: {} }]) {
      await assert.rejects(sessions.tickets.redeem(ticket, options as never), TypeError);
      await assert.rejects(sessions.tickets.issue({ id: "x" }, options as never), TypeError);
    }
  }),
  inEveryFormat(129, "any other record than that of a ticket leads nowhere", async (fixture) => {
    const { sessions, store } = fixture;
    for (const text of ["", "null", "{}", '{"v":2,"sealed":"00"}', '{"v":1,"sealed":7}', '{"v":1,"sealed":"zz"}']) {
      const { ticket, key } = await issued(fixture, await storedSession(sessions));
      const replaces = (await store.read(key))?.version;
      await store.write(key, new TextEncoder().encode(text), { replaces, ttlSeconds: 30 });
      await rejects(sessions.tickets.redeem(ticket), "corrupt", "not-applied");
    }
    const { ticket, key } = await issued(fixture, await storedSession(sessions));
    const replaces = (await store.read(key))?.version;
    const foreign = new TextEncoder().encode(JSON.stringify({ v: 1, sealed: "00".repeat(32) }));
    await store.write(key, foreign, { replaces, ttlSeconds: 30 });
    assert.equal(await sessions.tickets.redeem(ticket), undefined);
  }),
  inEveryFormat(
    129,
    "a ticket is not returned if it is unknown whether it was stored",
    async ({ sessions, handler }) => {
      const session = await storedSession(sessions);
      for (const behaviour of [losesReply(), losesRequest(), losesReply("timeout")]) {
        handler.next("write", behaviour);
        const failing = sessions.tickets.issue(session);
        await assert.rejects(failing, { outcome: "not-applied" });
      }
    },
  ),
];
