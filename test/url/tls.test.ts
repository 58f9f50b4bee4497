import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { createServer } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startProcess } from "../processes/processes.ts";
import { type Certificate, createCertificate } from "../servers/certificate.ts";
import { startRedisCluster } from "../servers/redis-cluster.ts";
import { startRedisSentinels } from "../servers/redis-sentinel.ts";
import { startRedis } from "../servers/redis-server.ts";
import { startUpstash } from "../servers/upstash-server.ts";

let certificate: Certificate;
beforeAll(async () => {
  certificate = await createCertificate();
});
afterAll(() => certificate[Symbol.dispose]());

/** What a process says that trusts the certificate, and what one says that does not. */
async function saidOf(url: string): Promise<unknown> {
  const script = new URL("./tls.child.ts", import.meta.url);
  const envs = [{ NODE_EXTRA_CA_CERTS: certificate.certFile }, {}];
  return Promise.all(
    envs.map(async (env) => {
      using child = startProcess(script, { ...env, STORE: url });
      await child.next();
      child.send("begin");
      return await child.next();
    }),
  );
}

const expected = ["1", "unavailable"];

test("rediss: speaks TLS with its server, and only with a trusted one", async () => {
  await using server = await startRedis({ tls: certificate });
  expect(await saidOf(`rediss://127.0.0.1:${server.tlsPort}`)).toEqual(expected);
});

test("rediss+sentinel: speaks TLS with the sentinels and the master", async () => {
  await using group = await startRedisSentinels({ tls: certificate });
  const hosts = group.addresses.map(({ host, port }) => `${host}:${port}`).join(",");
  expect(await saidOf(`rediss+sentinel://${hosts}/${group.name}`)).toEqual(expected);
});

test("rediss+cluster: speaks TLS with every server", async () => {
  await using cluster = await startRedisCluster({ tls: certificate });
  const hosts = cluster.servers.map(({ tlsPort }) => `127.0.0.1:${tlsPort}`).join(",");
  expect(await saidOf(`rediss+cluster://${hosts}`)).toEqual(expected);
});

test("upstash+https: speaks TLS with the service", async () => {
  await using upstash = await startUpstash();
  await using front = createServer({ cert: certificate.cert, key: certificate.key }, (socket) => {
    const behind = connect(upstash.port, "127.0.0.1");
    for (const each of [socket, behind]) each.on("error", () => {}); // the one that does not trust it hangs up
    socket.pipe(behind).pipe(socket);
  }).listen(0, "127.0.0.1");
  await once(front, "listening");
  const { port } = front.address() as AddressInfo; // as it listens on a port
  expect(await saidOf(`upstash+https://${upstash.token}@127.0.0.1:${port}`)).toEqual(expected);
});
