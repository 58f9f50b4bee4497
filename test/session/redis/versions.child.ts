import { createSessionManager, type SessionManager } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { begin, end } from "../../processes/processes.ts";
import { newVersion, oldVersion } from "./versions.ts";

// Changes one session so many times as a process of one version of an application, while another process of another version does
// the same. Reports what it has seen of the attribute that only the other version knows under this name.

const { REDIS_URL: url = "", SESSION_ID: id = "", PROCESS_NAME: version, TIMES } = process.env;
const times = Number(TIMES);

await using handler = createRedisHandler(url);
if (version === "old") await runOld();
else await runNew();

async function runOld(): Promise<void> {
  const sessions = createSessionManager({ handler, ...oldVersion });
  await start(sessions);
  for (let n = 1; n <= times; n += 1) {
    await sessions.update(id, (session) => session.update("byOld", (count = 0) => count + 1));
    const session = await sessions.open(id);
    session?.set("name", `Ann ${n}`);
    session?.set("coupon", `${n}`);
    await session?.save();
  }
  end(0);
}

async function runNew(): Promise<void> {
  const sessions = createSessionManager({ handler, ...newVersion });
  await start(sessions);
  let strange = 0;
  for (let n = 1; n <= times; n += 1) {
    await sessions.update(id, (session) => session.update("byNew", (count = 0) => count + 1));
    const session = await sessions.open(id);
    if (!session?.get("displayName")?.startsWith("Ann")) strange += 1;
    session?.set("theme", n % 2 === 0 ? "dark" : "light");
    await session?.save();
  }
  end(strange);
}

async function start(sessions: Pick<SessionManager, "handler">): Promise<void> {
  await sessions.handler.read("nothing"); // so that its connection is open
  await begin();
}
