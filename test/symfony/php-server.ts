import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { dirname } from "node:path";
import { phpBinary } from "../servers/php.ts";
import { exitOf, host, launchOnFreePort, untilReady } from "../servers/server-process.ts";

export interface PhpServerOptions {
  /** The script that answers every request. */
  readonly script: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Settings as in php.ini, by name. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** PHP's own web server, which runs one request at a time. */
export interface PhpServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts a server, and resolves when it accepts connections. */
export async function startPhpServer(options: PhpServerOptions): Promise<PhpServer> {
  const { child, port } = await launchOnFreePort((free) => launch(free, options));
  return {
    url: `http://${host}:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exitOf(child);
    },
  };
}

function launch(port: number, { script, environment, settings = {} }: PhpServerOptions) {
  const own = { "opcache.enable_cli": "1", display_errors: "stderr" };
  const definitions = Object.entries({ ...own, ...settings }).flatMap(([name, value]) => ["-d", `${name}=${value}`]);
  const child = spawn(phpBinary(), ["-q", ...definitions, "-S", `${host}:${port}`, "-t", dirname(script), script], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  return untilReady(child, `PHP's web server on port ${port}`, () => accepts(port));
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
