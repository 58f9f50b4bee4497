// @module-tag real-time

import { STATUS_CODES } from "node:http";
import type { Session } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import type { RefusalReason, SessionSocketsOptions } from "sessionwire/ws";
import { describe, expect, test } from "vitest";
import { startRedis } from "../servers/redis-server.ts";
import { type NativeStage, openNativeStage } from "./native-stage.ts";
import { frame, handshake, openRawClient } from "./raw-client.ts";
import { withClient } from "./raw-stage.ts";
import { withTrouble } from "./trouble.ts";

/** One of the ways to be refused for a reason. */
interface Way {
  readonly options?: Partial<SessionSocketsOptions>;
  /** Done before the handshake; it is not counted what it asks of the store. */
  readonly before?: (stage: NativeStage, created: Session) => unknown;
  /** What the client sends. */
  readonly text?: (Cookie: string) => string;
  /** Done when the store, or the application, has been asked. */
  readonly during?: (stage: NativeStage) => unknown;
  /** How often the store is asked. */
  readonly calls: number;
  /** What is reported to have failed. */
  readonly failure?: object;
}

const sending = (headers: { readonly [name: string]: string | undefined }) => ({
  text: (Cookie: string) => handshake({ Cookie, ...headers }),
  calls: 0,
});

const broken = new Error("There is no list.");

let second = "";
let ticket = "";

/** A handshake that shows a ticket, whatever cookie it has. */
const showing = (before: Way["before"], calls: number): Way => ({
  options: { authenticate: () => ({ ticket }) },
  async before(stage, created) {
    ticket = await stage.sessions.tickets.issue(created);
    await before?.(stage, created);
  },
  calls,
});

const claiming = (claim: unknown): Pick<Way, "options"> => ({ options: { authenticate: () => claim as never } });

const refusals: {
  readonly [reason in Exclude<RefusalReason, "taken" | "declined">]: {
    readonly status: number;
    readonly ways: { readonly [name: string]: Way };
  };
} = {
  "bad-request": {
    status: 400,
    ways: {
      "it upgrades to something else": sending({ Upgrade: "h2c" }),
      "it is a POST": { text: (Cookie) => handshake({ Cookie }).replace("GET", "POST"), calls: 0 },
      "it has no key": sending({ "Sec-WebSocket-Key": undefined }),
      "its key is too short": sending({ "Sec-WebSocket-Key": "dGhlIHNhbXBsZQ==" }),
      "it speaks another version": sending({ "Sec-WebSocket-Version": "12" }),
      "it says no version": sending({ "Sec-WebSocket-Version": undefined }),
    },
  },
  origin: {
    status: 403,
    ways: {
      "it comes from elsewhere": sending({ Origin: "https://evil.example" }),
      "it comes from nowhere": sending({ Origin: undefined }),
      "it sends frames at once": {
        text: (Cookie) => handshake({ Cookie, Origin: "null" }) + frame("early").toString("latin1"),
        calls: 0,
      },
      "it speaks version 8, where an origin had another name": sending({
        Origin: undefined,
        "Sec-WebSocket-Origin": "http://app.example",
        "Sec-WebSocket-Version": "8",
      }),
    },
  },
  "no-cookie": {
    status: 401,
    ways: {
      "it has none": sending({ Cookie: undefined }),
      "it has another one": sending({ Cookie: "a=1; b=2" }),
    },
  },
  "bad-cookie": {
    status: 401,
    ways: {
      "it is longer": { text: (Cookie) => handshake({ Cookie: `${Cookie}x` }), calls: 0 },
      "it is shorter": { text: (Cookie) => handshake({ Cookie: Cookie.slice(0, -1) }), calls: 0 },
    },
  },
  "ambiguous-cookie": {
    status: 401,
    ways: {
      "two of the name lead to a session each": {
        async before(stage) {
          second = (await stage.address(await stage.create())).cookie;
        },
        text: (Cookie) => handshake({ Cookie: `${Cookie}; ${second}` }),
        calls: 2,
      },
    },
  },
  "bad-ticket": {
    status: 401,
    ways: {
      "it has been used here": showing((stage) => stage.sessions.tickets.redeem(ticket), 1),
      "it has been used elsewhere": showing((stage) => stage.elsewhere().tickets.redeem(ticket), 1),
      "it is out of time": showing((stage) => stage.clock.advance(30_000), 1),
      "its session has ended": showing((_, created) => created.destroy(), 3),
      "its session has got another id": showing((_, created) => created.regenerate(), 3),
      "its session has got another id, and the old one leads on": showing(
        (_, created) => created.regenerate({ graceSeconds: 10 }),
        5,
      ),
      "it never was": { ...claiming({ ticket: "A".repeat(43) }), calls: 1 },
      "it has not the shape of one": { ...claiming({ ticket: "A".repeat(44) }), calls: 0 },
      "it is no text": { ...claiming({ ticket: null }), calls: 0 },
    },
  },
  "no-session": {
    status: 401,
    ways: {
      "the application says an id that leads nowhere": { ...claiming({ id: "A".repeat(43) }), calls: 1 },
      "the application says what is no id": { ...claiming({ id: "A" }), calls: 0 },
      "the application says an id that is no text": { ...claiming({ id: undefined }), calls: 0 },
      "it has ended here": { before: (_, created) => created.destroy(), calls: 1 },
      "it has ended elsewhere": { before: (stage, { id }) => stage.elsewhere().destroy(id), calls: 1 },
    },
  },
  "old-id": {
    status: 401,
    ways: {
      "its session has got another id here": { before: (_, created) => created.regenerate(), calls: 1 },
      "the grace period of its id is over": {
        async before(stage, created) {
          await created.regenerate({ graceSeconds: 10 });
          await stage.clock.advance(11_000);
        },
        calls: 1,
      },
    },
  },
  forbidden: {
    status: 403,
    ways: {
      "the application says so": { options: { authorize: () => false }, calls: 1 },
      "the application says so after a while": { options: { authorize: async () => false }, calls: 1 },
    },
  },
  error: {
    status: 500,
    ways: {
      "the application throws": {
        options: {
          authorize() {
            throw broken;
          },
        },
        calls: 1,
        failure: broken,
      },
      "the application rejects": {
        options: { authorize: () => Promise.reject(broken) },
        calls: 1,
        failure: broken,
      },
      "the application rejects when it is asked for the session": {
        options: { authenticate: () => Promise.reject(broken) },
        calls: 0,
        failure: broken,
      },
      ...Object.fromEntries(
        [null, "", "A".repeat(43), 1, true, {}].map((claim): [string, Way] => [
          `the application says ${JSON.stringify(claim)} in the place of a session`,
          { ...claiming(claim), calls: 0, failure: expect.any(TypeError) },
        ]),
      ),
      "the function of origins throws": {
        options: {
          allowedOrigins() {
            throw broken;
          },
        },
        calls: 0,
        failure: broken,
      },
      "the reader of cookies rejects": {
        options: { cookie: { parse: () => Promise.reject(broken) } },
        calls: 0,
        failure: broken,
      },
    },
  },
  "too-many": {
    status: 429,
    ways: {
      "there is one, as many as there may be": {
        options: { maxSocketsPerSession: 1 },
        before: (stage, created) => stage.connect(created),
        calls: 0,
      },
    },
  },
  unavailable: {
    status: 503,
    ways: {
      "the store fails": {
        before: (stage) => trouble(stage, "failing"),
        calls: 1,
        failure: expect.objectContaining({ code: "unavailable" }),
      },
      "the store fails when a ticket is looked up": {
        ...showing((stage) => trouble(stage, "failing"), 1),
        failure: expect.objectContaining({ code: "unavailable" }),
      },
    },
  },
  timeout: {
    status: 503,
    ways: {
      "the store does not answer": {
        before: (stage) => trouble(stage, "silent"),
        during: (stage) => stage.clock.advance(5000),
        calls: 1,
      },
      "the store does not answer when a ticket is looked up": {
        ...showing((stage) => trouble(stage, "silent"), 1),
        during: (stage) => stage.clock.advance(5000),
      },
      "the application does not answer": {
        options: { authorize: () => new Promise(() => {}), handshakeTimeoutMs: 700 },
        during: (stage) => stage.clock.advance(700),
        calls: 1,
      },
    },
  },
  closing: {
    status: 503,
    ways: {
      "the store has not answered yet": {
        before: (stage) => trouble(stage, "silent"),
        during: (stage) => stage.sockets.close(),
        calls: 1,
      },
    },
  },
  "not-found": {
    status: 404,
    ways: {
      "nobody serves its path": {
        before: (stage) => Object.assign(stage.wss.options, { path: "/chat" }),
        calls: 0,
      },
    },
  },
};

function trouble(stage: NativeStage, kind: NativeStage["handler"]["trouble"]): void {
  stage.handler.trouble = kind;
}

/** The whole answer, to the letter. */
function answerOf(status: number): string {
  const body = `${STATUS_CODES[status]}\n`;
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${body.length}`,
    "Cache-Control: no-store",
    ...(status === 400 ? ["Sec-WebSocket-Version: 13, 8"] : []),
    ...(status === 503 ? ["Retry-After: 1"] : []),
    "",
    body,
  ].join("\r\n");
}

async function expectRefusal(reason: string, status: number, way: Way): Promise<void> {
  await using stage = await openNativeStage({}, way.options);
  const created = await stage.create();
  const { url, cookie } = await stage.address(created);
  await stage.clock.advance(1000); // for so long, a session manager keeps what it has seen
  await way.before?.(stage, created);
  const { calls } = stage.handler;
  const reported = stage.events.length;
  const client = await openRawClient(url);
  client.socket.write(way.text?.(cookie) ?? handshake({ Cookie: cookie }), "latin1");
  if (way.during) {
    await expect.poll(() => stage.handler.calls).toBe(calls + 1);
    await way.during(stage);
  }
  await client.ended; // by the server
  expect(client.received).toBe(answerOf(status));
  expect(stage.handler.calls - calls).toBe(way.calls);
  const failures = way.failure === undefined ? [] : [{ type: "failed", session: undefined, error: way.failure }];
  expect(stage.events.slice(reported)).toMatchObject([{ type: "refused", reason, status }, ...failures]);
  stage.handler.trouble = "none";
}

for (const [reason, { status, ways }] of Object.entries(refusals)) {
  describe(`a handshake is answered with ${status}, and reported as ${reason}, when`, () => {
    test.each(Object.entries(ways))("%s", (_, way) => expectRefusal(reason, status, way));
  });
}

test("a handshake with a body is accepted or refused, and breaks nothing", () =>
  withClient(async (client, stage, Cookie) => {
    client.socket.write(`${handshake({ Cookie, "Content-Length": "5" })}hello`);
    expect([101, 400]).toContain(await client.status());
    client.socket.end();
    await client.ended;
    expect(stage.events.filter(({ type }) => type === "opened").length).toBeLessThanOrEqual(1);
  }));

test("a handshake that waits for a frozen server is refused at its own deadline, not at that of the store", async () => {
  await using server = await startRedis();
  const handler = withTrouble(createRedisHandler(server.url, { timeoutMs: 20_000 }));
  const stage = await openNativeStage({ handler }, { handshakeTimeoutMs: 500 });
  await using _ = stage;
  const created = await stage.create();
  const { url, cookie } = await stage.address(created);
  const client = await openRawClient(url);
  server.freeze();
  const { calls } = handler;
  client.socket.write(handshake({ Cookie: cookie }));
  await expect.poll(() => handler.calls).toBe(calls + 1);
  await stage.clock.advance(500);
  await client.ended;
  expect(client.received).toBe(answerOf(503));
  expect(stage.events).toMatchObject([{ type: "refused", reason: "timeout" }]);
  server.thaw();
  expect((await stage.connect(created)).client.isOpen).toBe(true);
});
