import type { NetworkedHarness, NetworkedServer } from "sessionwire/testing";

/** A server that can be emptied without a new start. */
export interface ClearableServer extends NetworkedServer {
  clear(): Promise<unknown>;
}

export interface ClearableHarness extends NetworkedHarness {
  startServer(): Promise<ClearableServer>;
}

/** The same harness with servers that one case after the other has for itself, unless one has frozen, killed or restarted it. */
export function reusingServers(harness: ClearableHarness): { harness: NetworkedHarness; stop(): Promise<void> } {
  const free: ClearableServer[] = [];
  return {
    harness: {
      ...harness,
      async startServer() {
        const server = free.pop() ?? (await harness.startServer());
        const before = await server.changes();
        return lend(server, before, () => free.push(server));
      },
    },
    async stop() {
      await Promise.all(free.map((server) => server[Symbol.asyncDispose]()));
    },
  };
}

function lend(server: ClearableServer, before: number, giveBack: () => void): NetworkedServer {
  let isSpoiled = false;
  const spoiling =
    <Result>(act: () => Result) =>
    () => {
      isSpoiled = true;
      return act();
    };
  return {
    port: server.port,
    changes: async () => (await server.changes()) - before,
    freeze: spoiling(server.freeze),
    thaw: server.thaw,
    kill: spoiling(server.kill),
    restart: spoiling(server.restart),
    async [Symbol.asyncDispose]() {
      if (isSpoiled) return server[Symbol.asyncDispose]();
      await server.clear();
      giveBack();
    },
  };
}
