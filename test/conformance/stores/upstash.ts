import type { NetworkedHarness } from "sessionwire/testing";
import { createUpstashHandler } from "sessionwire/upstash";
import { startUpstash } from "../../servers/upstash-server.ts";

/** A server that speaks the REST protocol of Upstash, and handlers on it. */
export function upstashHarness(create = createUpstashHandler): NetworkedHarness {
  let token = "";
  return {
    async startServer() {
      const server = await startUpstash();
      token = server.token;
      return Object.assign(server, {
        changes: () => server.requests.filter(({ command }) => isChange(command)).length,
      });
    },
    create: (port, { secret = token, ...options }) =>
      create({ url: `http://127.0.0.1:${port}`, token: secret }, options),
    exceptions: {
      34: "`fetch` does not tell whether a request was sent",
      51: "`fetch` opens a connection for each request that finds all others busy",
      67: "no call waits for a connection of another: `fetch` has them",
      69: "`fetch` keeps its connections",
      70: "`fetch` keeps its connections",
    },
  };
}

/** By what the script does with the session; all others only read it. */
function isChange(command: unknown): boolean {
  return Array.isArray(command) && /'(SET|GETEX|EXPIRE|DEL)'/.test(String(command[1]));
}
