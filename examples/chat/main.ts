import cluster from "node:cluster";
import { explain, isExpected } from "../explain.ts";
import { openBackend } from "./backend.ts";
import { type Serving, startProcesses } from "./processes.ts";
import { type ChatServer, startServer } from "./server.ts";
import { readSettings, type Settings } from "./settings.ts";

/** Time in ms that the end of the program may take: sockets whose peers do not answer are cut off after 2 s. */
const endWithinMs = 3500;

try {
  const settings = readSettings(process.env, process.argv.slice(2));
  const startsOthers = settings.processes > 1 && cluster.isPrimary;
  const serving = startsOthers ? await startProcesses(settings) : await serve(settings);
  if (cluster.isPrimary) announce(settings, serving);
  else process.send?.(serving);
} catch (error) {
  if (!isExpected(error)) throw error;
  console.error(explain(error));
  process.exit(1);
}

async function serve(settings: Settings): Promise<Serving> {
  const backend = await openBackend(settings);
  const server = await startServer(settings, backend);
  let isEnding = false; // Ctrl-C reaches all processes, and the first one also tells the others
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (!isEnding) end(server);
      isEnding = true;
    });
  }
  const { url, port } = server;
  return { type: "serving", url, port, store: backend.description, isLasting: backend.isLasting };
}

async function end(server: ChatServer): Promise<void> {
  setTimeout(() => process.exit(1), endWithinMs).unref(); // a silent store may take longer
  await server.close();
  process.disconnect?.();
}

function announce({ isSecretPassing, processes }: Settings, { store, isLasting, url }: Serving): void {
  console.log(`Sessions are kept in ${store}.`);
  if (isLasting && isSecretPassing) {
    console.log("They end with this program, because its secret is random. Set SESSION_SECRET to keep them.");
  }
  if (processes > 1) console.log(`${processes} processes serve it; they notify each other of changes to sessions.`);
  console.log(`The chat is at ${url}`);
}
