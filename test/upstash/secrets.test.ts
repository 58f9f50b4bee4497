// @module-tag real-time

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { isSessionError, type SessionErrorCode } from "sessionwire";
import { createUpstashHandler, type UpstashSource } from "sessionwire/upstash";
import { describe, expect, test } from "vitest";
import { secretData, secretId, secretsIn } from "../conformance/secrets.ts";
import { everythingIn } from "../laws/secrets.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { rejectionOf } from "../redis/settling.ts";
import { type UpstashFault, upstashAnswers } from "../servers/upstash-server.ts";
import { operationsOn } from "./operations.ts";
import { openBareUpstash, openScene } from "./scene.ts";

expectNoEscapes();

const timeoutMs = 300;
const { server, source, handler } = await openScene({ timeoutMs });

await using patient = createUpstashHandler(source); // what comes before the tests is not tried again
const { version, pattern } = await secretsIn(patient);
const [id, data] = [secretId, secretData];
const secrets = new RegExp(`${pattern.source}|${source.token}`);

test("the errors of the bare client contain the id and the data", async () => {
  server.next(upstashAnswers["daily limit"]);
  const bare = openBareUpstash(source, { enableAutoPipelining: false });
  const error = everythingIn(await rejectionOf(bare.set(id, data)));
  expect(error).toContain("id-to-be-kept-secret");
  expect(error).toContain(data);
});

test("the error of fetch contains what a server repeats", async () => {
  await using echo = await startEcho((request) => request);
  const error = await rejectionOf(fetch(echo.url, { headers: { authorization: `Bearer ${source.token}` } }));
  expect(everythingIn(error)).toContain(source.token);
});

describe("no error contains an id, data or a token (law 35):", () => {
  const faults = Object.entries<UpstashFault>({ ...upstashAnswers, silence: "silence", "a cut": "cut before" });
  test.each(faults)("%s", async (_, fault) => {
    for (const { run, name } of operationsOn(id, version, data)) {
      server.next(fault);
      expectNoSecrets(await rejectionOf(run(handler)), name);
    }
  });

  test("an answer that repeats the request", async () => {
    const echo = JSON.stringify(["eval", id, data, source.token, version]);
    for (const body of [
      echo,
      JSON.stringify({ error: echo }),
      JSON.stringify({ error: `ERR bad command '${data}'` }),
    ]) {
      for (const status of [200, 400, 500]) {
        for (const { run, name } of operationsOn(id, version, data)) {
          server.next({ status, body });
          expectNoSecrets(await rejectionOf(run(handler)), name);
        }
      }
    }
  });

  test.each([200, 307, 400, 401, 403, 404, 413, 429, 500, 502])(
    "a page of a proxy that repeats the request without quotes, with status %i",
    async (status) => {
      const said = `${source.token} ${id} ${data} ${version}`;
      const page = `<html><head><title>${status} ${said}</title></head><body>${said}</body></html>`;
      const errors = [said, `ERR ${said}`, `WRONGPASS ${said}`, `${said} timeout`].map((error) =>
        JSON.stringify({ error }),
      );
      for (const body of [page, said, JSON.stringify({ message: said }), JSON.stringify({ result: said }), ...errors]) {
        for (const { run, name } of operationsOn(id, version, data)) {
          server.next({ status, body, headers: { location: `/?_token=${source.token}`, server: source.token } });
          expectNoSecrets(await rejectionOf(run(handler)), name);
        }
      }
    },
  );

  test.each<[string, (request: string) => string]>([
    ["as it is", (request) => request],
    ["as the status", (request) => `HTTP/1.1 ${tokenIn(request)} OK\r\n\r\n`],
    ["as a version", (request) => `HTTP/${tokenIn(request)} 200 OK\r\n\r\n`],
    ["as a header without a name", (request) => `HTTP/1.1 200 OK\r\n${tokenIn(request)}\r\n\r\n`],
    ["as a length", (request) => `HTTP/1.1 200 OK\r\ncontent-length: ${tokenIn(request)}\r\n\r\n`],
    ["as an encoding", (request) => `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n${tokenIn(request)}`],
    ["as a chunk", (request) => `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${tokenIn(request)}\r\n`],
  ])("a server that repeats the request %s, which is no HTTP", async (_, answer) => {
    await using echo = await startEcho(answer);
    await using behind = createUpstashHandler({ ...source, url: echo.url }, { timeoutMs });
    for (const { run, name } of operationsOn(id, version, data)) expectNoSecrets(await rejectionOf(run(behind)), name);
  });

  test("an unknown command", async () => {
    const error = `ERR unknown command 'eval', with args beginning with: '${data}' '${id}'`;
    server.next({ status: 400, body: JSON.stringify({ error }) });
    expectNoSecrets(await rejectionOf(handler.read(id)), "failed", "failed");
  });

  test("a key of another type", async () => {
    await server.redis.command("DEL", id);
    await server.redis.command("RPUSH", id, data);
    expectNoSecrets(await rejectionOf(handler.read(id)), "corrupt", "corrupt");
    await server.redis.command("DEL", id);
  });

  test("a wrong token", async () => {
    await using refused = createUpstashHandler({ ...source, token: "token-to-be-kept-secret" });
    for (const { run, name } of operationsOn(id, version, data)) {
      expectNoSecrets(await rejectionOf(run(refused)), name, "unauthorized");
    }
  });

  test("an invalid source", () => {
    const url = "https://user:password-to-be-kept-secret@host.invalid";
    const token = "token-to-be-kept-secret with\nspaces";
    for (const wrong of [
      { url, token: "a" },
      { url: "to-be-kept-secret", token: "a" },
      { url: source.url, token },
    ]) {
      expect(() => createUpstashHandler(wrong)).toThrow(TypeError);
      expectNoSecrets(thrownBy(wrong), "source", "any");
    }
  });
});

function expectNoSecrets(error: unknown, name: string, code?: SessionErrorCode | "any"): void {
  if (code !== "any") expect(isSessionError(error), name).toBe(true);
  if (code !== undefined && code !== "any") expect(error, name).toMatchObject({ code });
  expect(everythingIn(error), name).not.toMatch(secrets);
}

/** A server that answers with what it makes of a request, whether that is HTTP or not. */
async function startEcho(answer: (request: string) => string) {
  const echo = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => socket.end(answer(bytes.toString("latin1"))));
  });
  echo.listen(0, "127.0.0.1");
  await once(echo, "listening");
  const { port } = echo.address() as AddressInfo; // the address of a TCP server that listens is an object
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      echo.close();
    },
  };
}

function tokenIn(request: string): string {
  return /Bearer (\S+)/.exec(request)?.[1] ?? request;
}

function thrownBy(source: UpstashSource): unknown {
  try {
    return createUpstashHandler(source);
  } catch (error) {
    return error;
  }
}
