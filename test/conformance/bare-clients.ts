import { type FaultProxy, type NetworkedHarness, type NetworkedServer, startFaultProxy } from "sessionwire/testing";
import { describe, expect, test, vi } from "vitest";
import { isPendingAfter } from "../redis/settling.ts";
import type { BareClient, BareFault, NetworkedStore } from "./stores/store.ts";

/** Longer than the deadline of any client that has one. */
const watchMs = 2500;
/** Half a second is the deadline of memjs, by default. */
const heldUpMs = 450;

type BareStore = Omit<NetworkedStore, "harness"> & { readonly harness: NetworkedHarness };

interface Scene extends AsyncDisposable {
  readonly server: NetworkedServer;
  readonly proxy: FaultProxy;
  /** Behind the proxy. */
  readonly bare: BareClient;
  /** Past it. */
  readonly other: BareClient;
}

/** How each fault comes about, and the call that it happens to. */
const faults: Readonly<Record<BareFault, (scene: Scene) => Promise<readonly unknown[]>>> = {
  async "its connection has died without a word"({ proxy, bare }) {
    await bare.get("a");
    await bare.get("a"); // before which `fetch` does not know that its connection is free
    proxy.silence();
    return [bare.get("a")];
  },
  async "its new connection is accepted and never answered"({ proxy, bare }) {
    proxy.newConnections = "silent";
    proxy.resetAll();
    return [bare.get("a")];
  },
  async "its connection is closed with a request under way"({ proxy, bare, other }) {
    const calls = await loseReply({ proxy, bare, other });
    proxy.finAll();
    return calls;
  },
  async "it is closed on a silent connection"({ proxy, bare }) {
    await bare.get("a");
    proxy.silence();
    return [bare.close?.()];
  },
  async "it is closed with a request under way"({ proxy, bare, other }) {
    const calls = await loseReply({ proxy, bare, other });
    bare.close?.();
    return calls;
  },
  async "the server is down"({ server, bare }) {
    await bare.get("a");
    await server.kill();
    return [bare.get("a")];
  },
  async "the server stands still"({ server, bare }) {
    await bare.get("a");
    server.freeze();
    return [bare.get("a")];
  },
};

const closedUnderWay: BareFault = "its connection is closed with a request under way";

/** Sends what is executed and not answered. */
async function loseReply({ proxy, bare, other }: Pick<Scene, "proxy" | "bare" | "other">) {
  await bare.set("a", "0");
  proxy.replies.lost = true;
  const call = bare.set("a", "1");
  await vi.waitUntil(async () => String(await other.get("a")) === "1", { interval: 5 }); // before a deadline comes
  return [call] as const;
}

const ends: readonly (readonly [string, (proxy: FaultProxy) => void])[] = [
  ["reset", (proxy) => proxy.resetAll()],
  ["closed", (proxy) => proxy.finAll()],
];

/** Defines tests of what the bare client makes of what the handler is held to. */
export function describeBareClient(store: BareStore): void {
  describe.concurrent("the bare client", () => {
    for (const [fault, outcome] of Object.entries(store.bareCalls)) {
      test(`${outcome} when ${fault}`, async () => {
        await using scene = await openScene(store);
        const calls = await faults[fault as BareFault](scene); // the keys of a record are texts to TypeScript
        const ms = outcome === "hangs" ? watchMs : heldUpMs;
        expect(await isPendingAfter(ms, Promise.race(calls))).toBe(true);
      });
    }

    const answering = ends.filter(([how]) => how === "reset" || !(closedUnderWay in store.bareCalls));
    test.each(answering)("counts twice when the reply is lost on a connection that is %s", async (_, end) => {
      await using scene = await openScene(store);
      const { proxy, bare, other } = scene;
      await bare.set("count", "0");
      proxy.replies.lost = true;
      const increment = bare.increment("count");
      await vi.waitUntil(async () => String(await other.get("count")) === "1");
      end(proxy);
      proxy.replies.lost = false; // a reply that is still on its way finds no connection
      expect(await increment).toBe(2);
    });

    test("loses one of two concurrent updates made by GET and SET", async () => {
      await using scene = await openScene(store);
      const { bare, other } = scene;
      await bare.set("count", "0");
      const seen = await Promise.all([bare, other].map((client) => client.get("count")));
      for (const count of seen) await bare.set("count", String(Number(count) + 1));
      expect(String(await bare.get("count"))).toBe("1");
    });

    test("undoes an acknowledged write when an earlier one arrives late", async () => {
      await using scene = await openScene(store);
      const { proxy, bare, other } = scene;
      await bare.set("a", "first");
      proxy.requests.delayMs = 400;
      const late = bare.set("a", "late");
      await other.set("a", "acknowledged");
      await late;
      expect(await other.get("a")).toBe("late");
    });

    test("revives a session when a server has lost its data", async () => {
      await using scene = await openScene(store);
      const { server, other } = scene;
      await other.set("a", "first");
      await server.restart();
      await vi.waitUntil(() => other.set("a", "second").then(Boolean, () => false));
      expect(await other.get("a")).toBe("second"); // who had logged out meanwhile is logged in again
    });
  });
}

async function openScene({ harness, openBare }: BareStore): Promise<Scene> {
  const server = await harness.startServer();
  const proxy = await startFaultProxy({ port: server.port });
  const [bare, other] = [openBare(proxy.port), openBare(server.port)];
  return {
    server,
    proxy,
    bare,
    other,
    async [Symbol.asyncDispose]() {
      bare[Symbol.dispose]();
      other[Symbol.dispose]();
      await proxy.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
