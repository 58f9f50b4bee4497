import { createSessionManager, expressFormat, nativeFormat } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { disturb } from "../../faults/disturbance.ts";
import { startProxy } from "../../faults/proxy.ts";
import { runTogether } from "../../processes/processes.ts";
import { startRedis } from "../../servers/redis-server.ts";
import type { Called, CallReport } from "./caller.child.ts";
import { present } from "./writers.ts";

export const names = ["first", "second"] as const;

/** How many calls of each process are to resolve. */
export const times = 1000;

export const ways = [
  ["native", "save"],
  ["native", "update"],
  ["express", "save"],
  ["express", "update"],
] as const;

/** Lets two processes add to one count, and gives what they report and what is stored then. */
export async function count(formatName: "native" | "express", way: string, isDisturbed: boolean) {
  const server = await startRedis();
  const proxy = await startProxy(server);
  const format = formatName === "native" ? nativeFormat() : expressFormat();
  const sessions = createSessionManager<Called>({ handler: createRedisHandler(server.url), format });
  const session = await sessions.create();
  session.set("n", 0);
  await session.save();
  const { id } = session;
  const disturbance = isDisturbed ? disturb(server, proxy, 50) : undefined;
  const start = performance.now();
  const env = { REDIS_URL: proxy.url, SESSION_ID: id, TIMES: `${times}`, WAY: way, FORMAT: formatName };
  const reports = await runTogether<CallReport>(new URL("./caller.child.ts", import.meta.url), names, env);
  const ms = Math.round(performance.now() - start);
  const disturbances = await disturbance?.end();
  const sober = createSessionManager<Called>({ handler: createRedisHandler(server.url), format });
  const found = await present(sober.open(id));
  return {
    reports,
    ms,
    disturbances,
    stored: { n: found.get("n") ?? 0, first: found.get("first") ?? [], second: found.get("second") ?? [] },
    total: (of: keyof CallReport) => reports.reduce((sum, { [of]: each }) => sum + lengthOf(each), 0),
    async [Symbol.asyncDispose]() {
      await Promise.all([sessions.close(), sober.close(), proxy.close()]);
      await server.stop();
    },
  };
}

function lengthOf(value: number | readonly number[]): number {
  return typeof value === "number" ? value : value.length;
}
