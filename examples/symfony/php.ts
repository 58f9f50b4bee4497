import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Program, startProgram } from "./program.ts";

const application = fileURLToPath(new URL("php", import.meta.url));

export interface SymfonyOptions {
  readonly port: number;
  readonly redisUrl: string;
  /** The port of the chat, to which the pages connect their sockets. */
  readonly chatPort: number;
}

/** Starts the Symfony application under the web server of PHP. */
export async function startSymfony({ port, redisUrl, chatPort }: SymfonyOptions): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), "symfony-"));
  const server = await startProgram({
    command: "php",
    args: [
      ...["-d", "opcache.enable_cli=1", "-d", "session.serialize_handler=php"],
      ...["-S", `127.0.0.1:${port}`, "-t", `${application}/public`, `${application}/public/index.php`],
    ],
    environment: {
      APP_SECRET: randomUUID(),
      APP_CACHE_DIR: folder,
      APP_LOG_DIR: folder,
      REDIS_URL: redisUrl,
      CHAT_PORT: String(chatPort),
    },
    port,
    noise: / (started|Accepted|Closing|Closed without .*|\[\d+\]: [A-Z]+ \S+)$/,
  });
  return {
    failed: server.failed,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
