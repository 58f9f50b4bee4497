import type { FaultProxy } from "../faults/proxy.ts";
import { type Fault, pause } from "./stage.ts";

/** What networks do to connections. Each fault is applied to the proxy whose turn it is. */
export function networkFaults(nextProxy: () => FaultProxy): Record<string, Fault> {
  return {
    "reset connections": async () => nextProxy().resetAll(),
    "ended connections": async () => nextProxy().finAll(),
    "silent connections": async () => {
      const proxy = nextProxy();
      proxy.silence();
      await pause(1500);
      proxy.heal();
    },
    "silence, new connections included": async () => {
      const proxy = nextProxy();
      proxy.newConnections = "silent";
      proxy.silence();
      await pause(1000);
      proxy.heal();
    },
    "refused connections": async () => {
      const proxy = nextProxy();
      proxy.newConnections = "refuse";
      proxy.resetAll();
      await pause(400);
      proxy.heal();
    },
    "lost replies": async () => {
      const proxy = nextProxy();
      proxy.dropReplies(true);
      await pause(20);
      proxy.dropReplies(false);
      proxy.resetAll();
    },
    "a slow network": async () => {
      const proxy = nextProxy();
      proxy.delayMs = 100;
      await pause(800);
      proxy.heal();
    },
  };
}

/** One after the other, over and over. */
export function inTurn<T>(all: readonly T[]): () => T {
  let turn = 0;
  return () => {
    const next = all[turn % all.length];
    turn += 1;
    if (next === undefined) throw new Error("There is none.");
    return next;
  };
}
