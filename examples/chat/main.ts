import { explain, isExpected } from "../explain.ts";
import { openBackend } from "./backend.ts";
import { type ChatServer, startServer } from "./server.ts";
import { readSettings } from "./settings.ts";

/** Whoever ends a program does not wait for long. */
const endWithinMs = 1900;

try {
  const settings = readSettings(process.env);
  const backend = await openBackend(settings);
  const server = await startServer(settings, backend);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end(server));
  console.log(`Sessions are kept in ${backend.description}.`);
  if (backend.isLasting && settings.isSecretPassing) {
    console.log("They end with this program, because its secret is a random one. To keep them, set SESSION_SECRET.");
  }
  console.log(`The chat is at ${server.url}`);
} catch (error) {
  if (!isExpected(error)) throw error;
  console.error(explain(error));
  process.exit(1);
}

async function end(server: ChatServer): Promise<void> {
  setTimeout(() => process.exit(1), endWithinMs).unref(); // a store that is silent may take longer
  await server.close();
}
