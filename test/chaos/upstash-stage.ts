import { withConnectionCheck } from "sessionwire";
import { createUpstashHandler } from "sessionwire/upstash";
import { startProxy } from "../faults/proxy.ts";
import { startUpstash, type UpstashFault } from "../servers/upstash-server.ts";
import { networkFaults } from "./network.ts";
import { limits, type Stage } from "./stage.ts";

/** A database over HTTP, whose service has its own ways to fail. */
export async function openUpstash(): Promise<Stage> {
  const server = await startUpstash({ idleMs: 1000 }); // fetch keeps connections in stock for as long
  const proxy = await startProxy(server);
  const source = { url: `http://127.0.0.1:${proxy.port}`, token: server.token };
  const several = (fault: UpstashFault) => async () => server.next(...Array.from({ length: 5 }, () => fault));
  return {
    open: () => withConnectionCheck(createUpstashHandler(source, { timeoutMs: limits.timeoutMs }), limits.check),
    faults: {
      ...networkFaults(() => proxy),
      "a limit of requests": several({ status: 429, body: '{"error":"ERR max requests limit exceeded"}' }),
      "an error of the service": several({ status: 500, body: '{"error":"internal"}' }),
      "a page of a gateway": several({ status: 502, body: "<html>Bad Gateway</html>" }),
      "a page instead of an answer": several({ status: 200, body: "<html>Sign in</html>", executes: true }),
      "no answer": several("no answer"),
      "a connection cut before executing": several("cut before executing"),
      "a connection cut after executing": several("cut after executing"),
      "a connection cut in the answer": several("cut in the middle of the answer"),
    },
    connections: () => proxy.open,
    async stop() {
      await proxy.close();
      await server.stop();
    },
  };
}
