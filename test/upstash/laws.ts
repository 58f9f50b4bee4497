import assert from "node:assert/strict";
import { hash } from "node:crypto";
import type { SessionError, Version } from "sessionwire";
import { rejects } from "sessionwire/testing";
import type { createUpstashHandler } from "sessionwire/upstash";
import { vi } from "vitest";
import type { Law } from "../laws/law.ts";
import { everythingIn } from "../laws/secrets.ts";
import { doubtfulErrors, otherErrors, type SaidError, saidErrors } from "../redis/error-replies.ts";
import { repetitions } from "../redis/repeating-server.ts";
import { bytes, freshId } from "../redis/session-data.ts";
import { rejectionOf } from "../redis/settling.ts";
import { type UpstashServer, upstashAnswers } from "../servers/upstash-server.ts";
import { operationsOn } from "./operations.ts";

/** An adapter, the real one or a broken one, and a server to try it on. */
export interface UpstashSubject {
  readonly createUpstashHandler: typeof createUpstashHandler;
  readonly server: UpstashServer;
}

const create = { replaces: undefined, ttlSeconds: 600 };

/** The laws that this store and this client put at risk, each on the shortest story. */
export const upstashLaws: readonly Law<UpstashSubject>[] = [
  {
    law: 2,
    says: "a request hands back what the last answer has handed out, so that it sees what was written",
    async check(subject) {
      await using handler = openHandler(subject);
      const before = subject.server.requests.length;
      const id = freshId();
      const written = await handler.write(id, bytes("x"), create);
      assert.ok(written.written);
      for (const { run } of operationsOn(id, written.version)) await run(handler);
      await handler.ping();
      const tokens = subject.server.requests.slice(before).map(({ headers }) => headers["upstash-sync-token"]);
      assert.equal(tokens[0], "");
      const [first = Number.NaN, ...others] = tokens
        .slice(1)
        .map((token) => Number(String(token).slice("token ".length)));
      assert.deepEqual(
        others,
        others.map((_, index) => first + 1 + index),
      );
    },
  },
  {
    law: 3,
    says: "the bytes in the store and those that are read are those that were written",
    async check(subject) {
      await using handler = openHandler(subject);
      const id = freshId();
      const data = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      assert.ok((await handler.write(id, data, create)).written);
      const script = "return redis.sha1hex(redis.call('GET', KEYS[1]))";
      assert.equal(await subject.server.redis.command("EVAL", script, "1", id), hash("sha1", data));
      assert.deepEqual((await handler.read(id))?.data, data);
    },
  },
  {
    law: 24,
    says: "the version is that of the same bytes over TCP, from a write and from a read",
    async check(subject) {
      await using handler = openHandler(subject);
      const id = freshId();
      const version = `${hash("sha1", "data")}:4`;
      assert.deepEqual(await handler.write(id, bytes("data"), create), { written: true, version });
      assert.equal((await handler.read(id))?.version, version);
      const replaced = await handler.write(id, bytes("more"), { replaces: version as Version, ttlSeconds: 60 });
      assert.equal(replaced.written && replaced.version, `${hash("sha1", "more")}:4`);
    },
  },
  {
    law: 23,
    says: "a version is that of what was stored, also when the bytes that were read are changed before it is looked at",
    async check(subject) {
      await using handler = openHandler(subject);
      const id = freshId();
      await handler.write(id, bytes("data"), create);
      const [read, refused] = [await handler.read(id), await handler.write(id, bytes("x"), create)];
      assert.ok(read && !refused.written && refused.current);
      for (const seen of [read, refused.current]) {
        seen.data.fill(0);
        assert.equal(seen.version, `${hash("sha1", "data")}:4`);
      }
    },
  },
  {
    law: 29,
    says: "a prefix is no pattern",
    async check(subject) {
      await using handler = openHandler(subject);
      await subject.server.redis.command("FLUSHALL");
      for (const id of ["[ab]", "a", "[ab]c"]) await handler.write(id, bytes("x"), create);
      assert.deepEqual((await handler.list({ prefix: "[ab]" })).ids.toSorted(), ["[ab]", "[ab]c"]);
    },
  },
  {
    law: 32,
    says: "an answer of something else is a failure, never an absent session",
    async check(subject) {
      await using handler = openHandler(subject);
      for (const name of ["login page", "empty", "a null", "a null result", "an object", "an OK"] as const) {
        for (const { run } of operationsOn(freshId(), undefined)) {
          subject.server.next(upstashAnswers[name]);
          await rejects(run(handler), "unavailable", "any");
        }
      }
    },
  },
  {
    law: 33,
    says: "an error has the code of its word, wherever the server puts that, and no word that was only repeated",
    async check(subject) {
      await using handler = openHandler(subject);
      const said: readonly SaidError[] = [...saidErrors, ...otherErrors.map((text): SaidError => [text, "failed"])];
      for (const [error, code] of said) {
        subject.server.next({ status: 400, body: JSON.stringify({ error }) });
        await rejects(handler.write(freshId(), bytes("x"), create), code, "not-applied");
      }
    },
  },
  {
    law: 34,
    says: "what may have been executed is never said not to have been",
    async check(subject) {
      await using handler = openHandler(subject);
      const id = freshId();
      for (const error of doubtfulErrors) {
        subject.server.next({ status: 400, body: JSON.stringify({ error }) });
        await rejects(handler.write(id, bytes("x"), create), "unavailable", "unknown");
      }
      for (const fault of [upstashAnswers["bad gateway"], upstashAnswers["internal error"], "cut after"] as const) {
        subject.server.next(fault);
        await rejects(handler.write(id, bytes("x"), create), "unavailable", "unknown");
      }
    },
  },
  {
    law: 35,
    says: "an error tells neither id nor data nor the token, whatever the server repeats, in quotes or without",
    async check(subject) {
      await using handler = openHandler(subject);
      const secrets = new RegExp(`a-secret|${subject.server.token}`);
      for (const repetition of repetitions) {
        const error = repetition.replaceAll("…", `EVAL script 1 a-secret (Bearer ${subject.server.token})`);
        for (const { run } of operationsOn("a-secret", "a-secret:8" as Version, "a-secret")) {
          subject.server.next({ status: 400, body: JSON.stringify({ error }) });
          assert.doesNotMatch(everythingIn(await rejectionOf(run(handler))), secrets, repetition);
        }
      }
    },
  },
  {
    law: 36,
    says: "one call is one command that is sent once, also when its answer was lost or leads elsewhere",
    async check(subject) {
      await using handler = openHandler(subject);
      const [before, commandsBefore] = [subject.server.requests.length, subject.server.commands.length];
      subject.server.next("cut after");
      await rejects(handler.touch(freshId(), 60), "unavailable", "unknown");
      await Promise.all([handler.read("a"), handler.read("a")]);
      subject.server.next({ status: 307, body: "", headers: { location: "/elsewhere" } });
      await rejects(handler.touch(freshId(), 60), "unavailable", "unknown");
      assert.deepEqual(
        subject.server.requests.slice(before).map(({ path }) => path),
        ["/pipeline", "/pipeline", "/pipeline"],
      );
      assert.equal(subject.server.commands.length - commandsBefore, 4);
    },
  },
  {
    law: 36,
    says: "calls of one turn go out in one request, each once and in their order, and each has its own answer",
    async check(subject) {
      await using handler = openHandler(subject);
      const [id, wrong] = [freshId(), freshId()];
      await handler.write(id, bytes("x"), create);
      await subject.server.redis.command("RPUSH", wrong, "x");
      const before = subject.server.requests.length;
      const [read, refused, touched, absent] = await Promise.all([
        handler.read(id),
        rejectionOf(handler.read(wrong)),
        handler.touch(id, 60),
        Promise.resolve()
          .then(() => {})
          .then(() => handler.read(freshId())),
      ]);
      assert.deepEqual(
        [read?.data, (refused as SessionError).code, touched, absent],
        [bytes("x"), "corrupt", true, undefined],
      );
      assert.equal(subject.server.requests.length - before, 1);
      const commands = subject.server.commands.slice(-4).map(([name, key]) => [name, key]);
      assert.deepEqual(commands.slice(0, 3), [
        ["getex", id],
        ["getex", wrong],
        ["expire", id],
      ]);
    },
  },
  {
    law: 34,
    says: "an error that answers for all commands of a request leaves open which were executed, unless it is about the request",
    async check(subject) {
      await using handler = openHandler(subject);
      for (const [error, outcome] of [
        ["READONLY You can't write against a read only replica.", "unknown"],
        ["ERR max requests limit exceeded.", "unknown"],
        ["Too Many Requests", "not-applied"],
        ["ERR max request size exceeded.", "not-applied"],
      ] as const) {
        subject.server.next({ status: 400, body: JSON.stringify({ error }) });
        const failures = await Promise.all([1, 2].map(() => rejectionOf(handler.touch(freshId(), 60))));
        assert.notEqual(failures[0], failures[1]); // each caller may change its own
        for (const failure of failures) assert.equal((failure as SessionError).outcome, outcome, error);
      }
    },
  },
  {
    law: 39,
    says: "a call that is aborted before its turn is over is not sent, and the others are",
    async check(subject) {
      await using handler = openHandler(subject);
      const before = subject.server.commands.length;
      const abortion = new AbortController();
      const aborted = rejects(handler.touch("a", 60, { signal: abortion.signal }), "aborted", "not-applied");
      const other = handler.touch("b", 60);
      abortion.abort();
      await Promise.all([aborted, other]);
      assert.deepEqual(subject.server.commands.slice(before), [["expire", "b", 60]]);
    },
  },
  {
    law: 67,
    says: "an aborted call takes its request along only when nobody else waits for it",
    async check(subject) {
      await using handler = openHandler(subject);
      const before = subject.server.requests.length;
      const abortions = [new AbortController(), new AbortController()];
      subject.server.next("silence");
      const calls = abortions.map(({ signal }) => rejects(handler.read("a", { signal }), "aborted"));
      const request = await vi.waitUntil(() => subject.server.requests[before]);
      abortions[0]?.abort();
      await calls[0];
      await handler.ping(); // by now the server would know
      assert.equal(request.wasGivenUp, false);
      abortions[1]?.abort();
      await calls[1];
      await vi.waitUntil(() => request.wasGivenUp, { timeout: 500 });
    },
  },
  {
    law: 39,
    says: "an aborted call gives up its own request",
    async check(subject) {
      await using handler = openHandler(subject);
      const before = subject.server.requests.length;
      const abortion = new AbortController();
      subject.server.next("silence");
      const aborted = rejects(handler.read("a", { signal: abortion.signal }), "aborted");
      await vi.waitUntil(() => subject.server.requests.length > before);
      abortion.abort();
      await aborted;
      await vi.waitUntil(() => subject.server.requests[before]?.wasGivenUp, { timeout: 500 });
    },
  },
  {
    law: 60,
    says: "a reconnection resolves when the store has answered, and not before",
    async check(subject) {
      await using handler = openHandler(subject);
      const before = subject.server.requests.length;
      await handler.reconnect();
      assert.deepEqual(subject.server.requests[before]?.command, ["ping"]);
      subject.server.next(upstashAnswers["bad gateway"]);
      await rejects(handler.reconnect(), "unavailable", "any");
    },
  },
  {
    law: 73,
    says: "only the answer to a ping is one",
    async check(subject) {
      await using handler = openHandler(subject);
      await handler.ping();
      for (const name of ["login page", "an OK", "a null result", "another text", "internal error"] as const) {
        for (const ask of [handler.ping, handler.reconnect]) {
          subject.server.next(upstashAnswers[name]);
          await rejects(ask(), "unavailable", "any");
        }
      }
      subject.server.next(upstashAnswers["too many requests"]);
      await handler.ping();
    },
  },
];

function openHandler({ createUpstashHandler, server }: UpstashSubject) {
  return createUpstashHandler({ url: server.url, token: server.token });
}
