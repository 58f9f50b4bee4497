import cluster, { type Worker } from "node:cluster";
import type { RoomNews } from "./neighbours.ts";
import type { Settings } from "./settings.ts";

/** The message of a process to its starter, as soon as it serves requests. */
export interface Serving {
  readonly type: "serving";
  readonly url: string;
  readonly port: number;
  /** A description of the store. */
  readonly store: string;
  /** `true` if sessions outlive the process. */
  readonly isLasting: boolean;
}

/**
 * Starts several processes, one after the other, that share one address: each connection goes to the next one. They
 * receive each other's messages through this one, and changes to each other's sessions through Redis. When one fails,
 * all end.
 */
export async function startProcesses({ processes, port, secret }: Settings): Promise<Serving> {
  let isEnding = false;
  cluster.on("message", passOn);
  cluster.on("exit", (_worker, code, signal) => {
    if (signal) console.error(`A process was ended by ${signal}, and all others with it.`);
    if (!isEnding || code !== 0) process.exit(code || 1); // it has reported the reason
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      isEnding = true;
      for (const worker of workers()) worker.process.kill("SIGTERM");
    });
  }
  let serving = await startProcess({ SESSION_SECRET: secret });
  for (let count = 1; count < processes; count += 1) {
    // The same port that the first one requested, even 0, by which the cluster module knows that they share it.
    serving = await startProcess({ SESSION_SECRET: secret, PORT: String(port ?? serving.port) });
  }
  return serving;
}

function startProcess(environment: Record<string, string>): Promise<Serving> {
  const worker = cluster.fork(environment);
  return new Promise((resolve) => worker.once("message", resolve));
}

function passOn(from: Worker, message: Serving | RoomNews): void {
  if (message.type === "serving") return;
  for (const worker of workers()) if (worker !== from && worker.isConnected()) worker.send(message);
}

function workers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}
