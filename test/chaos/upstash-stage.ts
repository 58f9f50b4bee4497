import { withConnectionCheck } from "sessionwire";
import { createUpstashHandler } from "sessionwire/upstash";
import { startProxy } from "../faults/proxy.ts";
import { startUpstash, type UpstashFault, upstashAnswers } from "../servers/upstash-server.ts";
import { networkFaults } from "./network.ts";
import { limits, type Stage } from "./stage.ts";

/** A database over HTTP, whose service has its own ways to fail. */
export async function openUpstash(): Promise<Stage> {
  const server = await startUpstash({ idleMs: 1000 }); // fetch keeps connections in stock for as long
  const proxy = await startProxy(server);
  const source = { url: `http://127.0.0.1:${proxy.port}`, token: server.token };
  const several = (fault: UpstashFault) => async () => server.next(fault, 5);
  return {
    open: () => withConnectionCheck(createUpstashHandler(source, { timeoutMs: limits.timeoutMs }), limits.check),
    faults: {
      ...networkFaults(() => proxy),
      "a limit of requests": several(upstashAnswers["too many requests"]),
      "an error of the service": several(upstashAnswers["internal error"]),
      "a page of a gateway": several(upstashAnswers["bad gateway"]),
      "a page instead of an answer": several(upstashAnswers["login page"]),
      "an empty answer": several(upstashAnswers["a null result"]),
      "no answer": several("unanswered"),
      "a connection cut before executing": several("cut before"),
      "a connection cut after executing": several("cut after"),
      "a connection cut in the answer": several("cut within"),
    },
    connections: () => proxy.open,
    async stop() {
      await proxy.close();
      await server.stop();
    },
  };
}
