import assert from "node:assert/strict";
import { createVirtualClock } from "sessionwire/testing";
import type { PaperCheck } from "./check.ts";
import { openPaperStage, origin, type PaperStage } from "./stage.ts";
import { openStore } from "./store.ts";

/** The handshakes that get a socket, and those that do not. */
export const handshakeChecks: readonly PaperCheck[] = [
  {
    claim: "a page may connect from an allowed origin, and from no other",
    async check(parts) {
      const allowedOrigins = [origin, "https://*.app.example"];
      await using stage = openPaperStage({ allowedOrigins }, {}, parts);
      for (const page of [origin, "https://a.app.example"]) assert.equal(await reasonFrom(stage, page), undefined);
      for (const page of [
        undefined,
        "http://evil.example",
        `${origin}.evil.example`,
        "https://a.app.example.evil.example",
        "https://a.appxexample",
        "https://evil.example/.app.example",
      ])
        assert.equal(await reasonFrom(stage, page), "origin");
    },
  },
  {
    claim: "a function that says nothing of an origin does not allow it",
    async check(parts) {
      await using stage = openPaperStage({ allowedOrigins: () => "yes" as never }, {}, parts);
      assert.equal(await reasonFrom(stage, origin), "origin");
    },
  },
  {
    claim: "an authorization that says nothing refuses",
    async check(parts) {
      await using stage = openPaperStage({ authorize: () => undefined as never }, {}, parts);
      assert.equal(await reasonFrom(stage, origin), "forbidden");
    },
  },
  {
    claim: "a session that ends while it is authorized gets no socket",
    async check(parts) {
      const clock = createVirtualClock();
      const store = openStore(clock);
      const authorize = async () => {
        await store.endElsewhere();
        return true;
      };
      await using stage = openPaperStage({ authorize }, { handler: store.handler }, { ...parts, clock });
      assert.equal(await reasonFrom(stage, origin), "no-session");
    },
  },
  {
    claim: "the id of before leads nobody in, and the refusal says so",
    async check(parts) {
      await using stage = openPaperStage({}, {}, parts);
      const session = await stage.signIn();
      const [old = ""] = (await stage.sessions.cookie.serialize(session)).split(";");
      await session.regenerate();
      assert.equal(await reasonOf(stage, { cookie: old, origin }), "old-id");
    },
  },
  {
    claim: "a session and a user have no more sockets than they may",
    async check(parts) {
      const users = { idOf: (session: { get(name: string): unknown }) => session.get("user") as string };
      const limits = { maxSocketsPerSession: 2, maxSocketsPerUser: 3 };
      await using stage = openPaperStage(limits, { users }, parts);
      const [first, second] = [await stage.signIn(), await stage.signIn()];
      assert.deepEqual(await statuses(stage, [first, first, first]), [101, 101, 429]);
      assert.deepEqual(await statuses(stage, [second, second]), [101, 429]);
      assert.deepEqual(await statuses(stage, [await stage.signIn("Bob")]), [101]);
    },
  },
  {
    claim: "a page connects again when its session has moved, and not when it has ended",
    async check({ closeCodes, shouldReconnect }) {
      for (const code of [closeCodes.moved, closeCodes.closing, closeCodes.unavailable, 1006]) {
        assert.equal(shouldReconnect(code), true);
      }
      for (const code of [closeCodes.ended, 1000, 1009]) assert.equal(shouldReconnect(code), false);
    },
  },
];

/** The reason for which a page of this origin is refused; `undefined`: it is let in. */
async function reasonFrom(stage: PaperStage, page: string | undefined): Promise<string | undefined> {
  const [cookie] = (await stage.sessions.cookie.serialize(await stage.signIn())).split(";");
  return reasonOf(stage, { cookie, origin: page });
}

async function reasonOf(stage: PaperStage, headers: Record<string, string | undefined>): Promise<string | undefined> {
  const decision = await stage.server.decide({ url: "/", raw: "a request", header: (name) => headers[name] });
  return decision.accepted ? undefined : decision.reason;
}

async function statuses(stage: PaperStage, sessions: readonly { readonly id: string }[]): Promise<number[]> {
  const found: number[] = [];
  for (const session of sessions) found.push(await stage.status(session));
  return found;
}
