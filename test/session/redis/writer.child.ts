import { createSessionManager, expressFormat, nativeFormat } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { symfonyFormat } from "sessionwire/symfony";
import { begin, end } from "../../processes/processes.ts";
import { openBareRedis } from "../../redis/bare-redis.ts";
import { countConflicts } from "./conflicts.ts";
import { type Counts, type Way, writers } from "./writers.ts";

// Adds 1 so many times to an attribute of its own in a session, of which another process changes another attribute at the same
// time. Reports how often the other one was faster.

const { REDIS_URL: url = "", SESSION_ID: id = "", PROCESS_NAME: name = "", TIMES, WAY, FORMAT } = process.env;

const formats = {
  native: nativeFormat,
  express: expressFormat,
  symfony: () => symfonyFormat({ serializer: "php" }),
};

if (WAY === "bare") await writeBare();
else await write(WAY as Way);

async function writeBare(): Promise<void> {
  using client = openBareRedis(url);
  await client.ping();
  await begin();
  for (let n = 0; n < Number(TIMES); n++) {
    const counts: Counts = JSON.parse((await client.get(id)) ?? "{}");
    await client.set(id, JSON.stringify({ ...counts, [name]: (counts[name] ?? 0) + 1 }));
  }
  end(0);
}

async function write(way: Way): Promise<void> {
  const handler = countConflicts(createRedisHandler(url));
  const format = formats[FORMAT as keyof typeof formats]();
  await using sessions = createSessionManager<Counts>({ handler, format });
  await sessions.open(id);
  await begin();
  await writers[way](sessions, id, name, Number(TIMES));
  end(handler.conflicts());
}
