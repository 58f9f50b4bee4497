import { createSessionManager, expressFormat, isSessionError, nativeFormat, withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { begin, end } from "../../processes/processes.ts";

// Signs a user in so many times, and ends all sessions of the user now and then, as another process does at the same time.

/** What the process was told. */
export interface SignInReport {
  /** The ids of the sessions that are known to be stored. */
  readonly signedIn: string[];
  /** Those of them that were, before all were ended. */
  readonly ended: string[];
  readonly failures: number;
}

const { REDIS_URL: url = "", TIMES, FORMAT, TELLS } = process.env;
const handler = withConnectionCheck(createRedisHandler(url, { timeoutMs: 1000 }), {
  pingTimeoutMs: 300,
  reconnectTimeoutMs: 1000,
});
const format = FORMAT === "express" ? expressFormat() : nativeFormat();
const sessions = createSessionManager({ handler, format, users: { idOf: (session) => session.get("user") } });
const signedIn: string[] = [];
const ended = new Set<string>();
let failures = 0;

await untilDone(() => sessions.ofUser("ada").list());
await begin();
for (let count = 1; count <= Number(TIMES); count += 1) {
  await untilDone(() => signIn(count % 2 === 0));
  if (count % 30 === 0) await untilDone(endAll);
}
await untilDone(() => sessions.ofUser("ada").list());
end({ signedIn, ended: [...ended], failures } satisfies SignInReport);
await sessions.close();

async function signIn(isMoving: boolean): Promise<void> {
  const session = await sessions.create();
  if (isMoving) {
    session.set("visits", 1);
    await session.save();
  }
  session.set("user", "ada");
  if (isMoving) await session.regenerate();
  else await session.save();
  signedIn.push(session.id);
  if (TELLS) process.send?.(session.id);
}

async function endAll(): Promise<void> {
  const before = [...signedIn];
  await sessions.ofUser("ada").endAll();
  for (const id of before) ended.add(id);
}

/** Begins again with whatever has failed: a sign-in, under another id. */
async function untilDone(act: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await act();
      return;
    } catch (error) {
      if (!isSessionError(error)) throw error;
      failures += 1;
    }
  }
}
