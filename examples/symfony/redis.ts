import { freePort, type Program, startProgram } from "./program.ts";

/** Starts a Redis that announces the ends of keys, and stores nothing on disk. */
export async function startRedis(): Promise<Program & { readonly url: string }> {
  const port = await freePort(0);
  const server = await startProgram({
    command: "redis-server",
    args: [
      ...["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
      ...["--notify-keyspace-events", "Egxe"],
    ],
    port,
  });
  return { url: `redis://127.0.0.1:${port}`, ...server };
}
