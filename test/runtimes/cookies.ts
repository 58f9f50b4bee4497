import assert from "node:assert/strict";
import type { SessionManager } from "sessionwire";
import type { Case } from "./case.ts";

/** The parts of the package that the cases of cookies are checked on: the real ones, or broken ones. */
export type CookieSubject = Pick<typeof import("sessionwire"), "createSessionManager" | "expressCookie"> &
  Pick<typeof import("sessionwire/memory"), "createMemoryHandler">;

const secret = "a secret of more than thirty-two bytes";
const newSecret = "another secret of more than thirty-two bytes";

// What express-session has made: HMAC-SHA-256 in base64 without padding.
const expressId = "k3Qp7s0mEJ5mQk3p0sE2nQ8x1aVb9cDd";
const expressValue = `s:${expressId}.5B9dSM23I3pc8KyJqtmgrJO5OuXMZjc8IY3eIgWJcMQ`;

/** What a cookie takes of a runtime: Web Crypto, base64 and the decoding of text. All else about cookies is in `test/session/`. */
export function cookieCases(subject: CookieSubject): Case[] {
  const { createSessionManager, expressCookie, createMemoryHandler } = subject;
  const managerWith = (secrets?: readonly string[]) =>
    createSessionManager({ handler: createMemoryHandler(), cookie: { secrets } });
  const reader = expressCookie({ secrets: ["keyboard cat"] });

  return [
    {
      name: "the cookie of express-session is read, percent-encoded or not",
      async run() {
        assert.equal(await reader.parse(`a=1; connect.sid=${encodeURIComponent(expressValue)}`), expressId);
        assert.equal(await reader.parse(`connect.sid=${expressValue}; b=2`), expressId);
      },
    },
    {
      name: "a signature of which any character was changed is none",
      async run() {
        for (let index = expressValue.indexOf(".") + 1; index < expressValue.length; index += 1) {
          const instead = expressValue[index] === "A" ? "E" : "A";
          const forged = expressValue.slice(0, index) + instead + expressValue.slice(index + 1);
          assert.equal(await reader.parse(`connect.sid=${forged}`), undefined);
        }
      },
    },
    {
      name: "text beyond ASCII is signed and decoded as UTF-8, and what is no UTF-8 is no cookie",
      async run() {
        const polish = expressCookie({ secrets: ["zażółć gęślą jaźń"] });
        const signed = "s%3A%C3%A4%2F%C3%B6.MKQ6nYJFZM9fr2v%2B8hXYKc7DDY9H2SGJRZi%2B6HzytEs";
        assert.equal(await polish.parse(`connect.sid=${signed}`), "ä/ö");
        for (const broken of ["%C3%28", "%", "%E4", "%ZZ"]) {
          assert.equal(await polish.parse(`connect.sid=${signed.replace("%C3%A4", broken)}`), undefined);
        }
      },
    },
    {
      name: "an id comes back from the header that was made of it, signed or not, among other cookies",
      async run() {
        for (const secrets of [undefined, [secret]]) {
          await using sessions = managerWith(secrets);
          const { id } = await sessions.create();
          assert.equal(await sessions.cookie.parse(`a=b; ${await pairOf(sessions, id)};\tjunk`), id);
        }
      },
    },
    {
      name: "a cookie of the manager that is not signed, or by another, is none",
      async run() {
        await using sessions = managerWith([secret]);
        await using others = managerWith([newSecret]);
        await using unsigned = managerWith();
        const { id } = await sessions.create();
        assert.equal(await sessions.cookie.parse(await pairOf(others, id)), undefined);
        assert.equal(await sessions.cookie.parse(await pairOf(unsigned, id)), undefined);
      },
    },
    {
      name: "the first secret signs, and all of them are taken",
      async run() {
        await using rotated = managerWith([newSecret, secret]);
        await using old = managerWith([secret]);
        const { id } = await rotated.create();
        assert.equal(await rotated.cookie.parse(await pairOf(old, id)), id);
        assert.equal(await old.cookie.parse(await pairOf(rotated, id)), undefined);
      },
    },
    {
      name: "two cookies that disagree are none, in whatever order",
      async run() {
        await using sessions = managerWith([secret]);
        const ids = [(await sessions.create()).id, (await sessions.create()).id];
        const pairs = await Promise.all(ids.map((id) => pairOf(sessions, id)));
        assert.equal(await sessions.cookie.parse(pairs.join("; ")), undefined);
        assert.equal(await sessions.cookie.parse(pairs.reverse().join("; ")), undefined);
      },
    },
    {
      name: "ids are long, safe in a cookie, and never the same",
      async run() {
        await using sessions = managerWith();
        const created = await Promise.all(Array.from({ length: 100 }, () => sessions.create()));
        const ids = new Set(created.map(({ id }) => id));
        assert.equal(ids.size, 100);
        for (const id of ids) assert.match(id, /^[A-Za-z0-9_-]{43}$/);
      },
    },
  ];
}

/** What the browser sends back. */
async function pairOf(sessions: SessionManager, id: string): Promise<string> {
  const [pair = ""] = (await sessions.cookie.serialize({ id })).split(";");
  return pair;
}
