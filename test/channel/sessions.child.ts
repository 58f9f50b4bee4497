import { createSessionManager } from "sessionwire";
import { createRedisChannel, createRedisHandler } from "sessionwire/redis";
import { soon } from "./redis.ts";

// A process with sessions in Redis and a channel. Told "destroy", it makes a session and destroys it, and reports its hash and when it began; told
// "close", it ends. It reports every event from elsewhere, and when it was heard.

/** The report of such a process. */
export interface Report {
  readonly told?: string;
  readonly heard?: string;
  /** In milliseconds since 1970, finer than the wall clock. */
  readonly at: number;
}

const { REDIS_URL: url = "", CHANNEL_URL: channelUrl = url } = process.env;
const sessions = createSessionManager({
  handler: createRedisHandler(url),
  channel: createRedisChannel(channelUrl, soon),
});
sessions.subscribe((event) => {
  if (event.origin !== "elsewhere") return;
  const named = "keyHash" in event && event.type === "ended" ? event.keyHash : event.type;
  report({ heard: named });
});
process.on("message", async (message) => {
  if (message === "close") {
    await sessions.close();
    process.disconnect?.(); // nothing else keeps it alive
    return;
  }
  const session = await sessions.create();
  session.set("a", 1);
  await session.save();
  const at = now();
  await session.destroy();
  report({ told: sessions.hashOf(await sessions.format.keyOf(session.id)) }, at);
});

function report(what: Omit<Report, "at">, at = now()): void {
  process.send?.({ ...what, at } satisfies Report);
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
