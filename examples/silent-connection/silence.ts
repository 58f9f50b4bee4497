import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isSessionError, type SessionHandler } from "sessionwire";
import { limits, type Network, prefix, type Store } from "./store.ts";

const patienceMs = 5000;

/** The answer if there is no connection. */
export const noNetwork = `In memory there is no connection that could go silent. To see one, keep the sessions in Redis:
  SESSION_STORE=redis://localhost:6379 npm run start:silence
and to have a server, in one line:
  docker run --rm -p 6379:6379 redis          (or: sudo apt-get install redis-server, or: brew install redis)`;

/** Silences the connection and shows how long an unprotected client waits, and how long the checked handler does. */
export async function showSilence({ handler, network }: Store): Promise<void> {
  if (network === undefined) {
    console.log(noNetwork);
    return;
  }
  const id = randomUUID();
  await handler.write(id, new TextEncoder().encode("still here"), { replaces: undefined, ttlSeconds: 60 });
  await readBare(network, id); // gives both clients a connection that works
  printLimits();
  const silenced = network.proxy.silence();
  console.log(`Now ${silenced} connections are silent: open, but nothing comes through. New ones would work.`);
  console.log(`Reading by either client; this takes ${patienceMs / 1000} s, because one of them waits and waits.\n`);

  const bareReads = Promise.all([timed(() => readBare(network, id)), timed(() => readBare(network, id))]);
  await sleep(limits.everySeconds * 1000 + 100);
  const idleReads = [await timed(() => readText(handler, id)), await timed(() => readText(handler, id))];
  network.proxy.silence();
  const busyReads = [await timed(() => readText(handler, id)), await timed(() => readText(handler, id))];

  printRow("", ["first read", "next read"]);
  printRow("ioredis as it comes", await bareReads);
  printRow("checked handler, idle for a second", idleReads);
  printRow("checked handler, in the midst of work", busyReads);
  console.log(`
After ${patienceMs} ms we stop watching. ioredis goes on waiting until the system gives up the connection: on Linux after about
15 minutes. The handler pings a connection that was idle before it uses it, and replaces it. A connection that dies in the
midst of work costs one operation its ${limits.timeoutMs} ms, and the next one finds out.`);
  await handler.destroy(id);
}

/** Ends the silence, as restarting a firewall does, and shows that the bare client depends on it. */
export async function showHealing({ network }: Store): Promise<void> {
  if (network === undefined) {
    console.log(noNetwork);
    return;
  }
  console.log(`${network.proxy.heal()} silent connections have been cut, so that their clients notice.`);
  printRow("ioredis as it comes", [await timed(() => network.bareClient.ping())]);
}

function printLimits(): void {
  const { everySeconds, pingTimeoutMs, timeoutMs } = limits;
  console.log(
    `For a short demonstration a connection counts as idle after ${everySeconds} s (default: 20 s), a ping may take ` +
      `${pingTimeoutMs} ms (1000 ms)\nand an operation ${timeoutMs} ms (2000 ms).`,
  );
}

async function readText(handler: SessionHandler, id: string): Promise<string> {
  const found = await handler.read(id);
  return found ? `"${new TextDecoder().decode(found.data)}"` : "no session";
}

async function readBare({ bareClient }: Network, id: string): Promise<string> {
  const text = await bareClient.get(prefix + id);
  return text === null ? "no session" : `"${text}"`;
}

/** Describes the end of a call, and its duration: `"still here" after 3 ms`. */
async function timed(call: () => Promise<string>): Promise<string> {
  const startedAt = performance.now();
  const patience = new AbortController();
  const end = await Promise.race([
    call().catch((error: unknown) => (isSessionError(error) ? error.code : "error")),
    sleep(patienceMs, "still waiting", patience),
  ]);
  patience.abort();
  return `${end} after ${Math.round(performance.now() - startedAt)} ms`;
}

function printRow(name: string, cells: readonly string[]): void {
  console.log(`  ${name.padEnd(40)}${cells.map((cell) => cell.padEnd(32)).join("")}`.trimEnd());
}
