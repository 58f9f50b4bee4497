import assert from "node:assert/strict";
import { inspect } from "node:util";
import { type SessionErrorCode, type SessionHandler, type Version, withConnectionCheck } from "sessionwire";
import { bytes, rejects } from "../law.ts";
import { type NetworkedFixture, type NetworkedLaw, ttlSeconds } from "./fixture.ts";
import { until } from "./waiting.ts";

const id = "id-to-be-kept-secret 'quoted\" \r\n";
const data = bytes("data-to-be-kept-secret");
const secret = "secret-to-be-kept-secret";
const operationCount = 7;

/** No error reveals an id or data, and nothing that is printed reveals credentials. */
export const secretLaws: readonly NetworkedLaw[] = [
  {
    law: 35,
    says: "no error carries an id, data, a version or a secret if nobody listens",
    async check(fixture) {
      const version = await versionIn(fixture);
      await fixture.server.kill();
      await expectSecrecy(fixture, version, "unavailable");
    },
  },
  {
    law: 35,
    says: "no error carries an id, data, a version or a secret if a server does not answer",
    async check(fixture) {
      const version = await versionIn(fixture);
      fixture.server.freeze();
      await expectSecrecy(fixture, version, "timeout");
    },
  },
  {
    law: 35,
    says: "no error carries an id, data or a version if replies are lost with their connection",
    async check(fixture) {
      const version = await versionIn(fixture);
      const { proxy, server } = fixture;
      const handler = fixture.open();
      await handler.ping();
      proxy.replies.lost = true;
      const before = await server.changes();
      const failing = failuresOf(handler, version);
      await until(async () => (await server.changes()) > before);
      proxy.newConnections = "refuse";
      proxy.resetAll();
      expectNoSecrets(await failing, version);
    },
  },
  {
    law: 35,
    says: "neither a handler nor its decorators show a secret when they are printed",
    async check({ server, openAt }) {
      const handler = openAt(server.port, { secret });
      for (const each of [handler, withConnectionCheck(handler)]) {
        assert.ok(!everythingIn(each).includes(secret));
      }
    },
  },
];

async function versionIn({ direct }: NetworkedFixture): Promise<Version> {
  const written = await direct.write(id, data, { replaces: undefined, ttlSeconds });
  assert.ok(written.written);
  return written.version;
}

/** Expects the errors of all operations to have a code and no secrets, and likewise those behind a check. */
async function expectSecrecy({ server, openAt }: NetworkedFixture, version: Version, code: SessionErrorCode) {
  const open = () => openAt(server.port, { timeoutMs: 300, secret });
  const failures = await failuresOf(open(), version);
  for (const failure of failures) await rejects(Promise.reject(failure), code, "any");
  expectNoSecrets(failures, version);
  const checked = withConnectionCheck(open(), { everySeconds: 0, pingTimeoutMs: 100, reconnectTimeoutMs: 100 });
  expectNoSecrets(await failuresOf(checked, version), version);
}

function expectNoSecrets(failures: readonly unknown[], version: Version): void {
  assert.equal(failures.length, operationCount);
  // A version may begin with a digest of the data, which could identify it.
  const digest = version.slice(0, 40);
  for (const text of failures.map(everythingIn)) {
    assert.ok(!text.includes("to-be-kept-secret") && !text.includes(digest), "an error reveals a secret");
  }
}

/** Returns the errors of all operations with a secret id, data and version. */
async function failuresOf(handler: SessionHandler, version: Version): Promise<unknown[]> {
  const results = await Promise.allSettled([
    handler.read(id),
    handler.read(id, { ttlSeconds }),
    handler.write(id, data, { replaces: undefined, ttlSeconds }),
    handler.write(id, data, { replaces: version, ttlSeconds }),
    handler.touch(id, ttlSeconds),
    handler.destroy(id, { replaces: version }),
    handler.destroy(id),
  ]);
  return results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
}

/**
 * Returns everything that a log could show of a value: its text, its stack, its causes, its properties and its JSON.
 */
function everythingIn(value: unknown): string {
  const stack = value instanceof Error ? value.stack : "";
  return [inspect(value, { depth: 10, showHidden: true }), String(value), stack, JSON.stringify(value)].join("\n");
}
