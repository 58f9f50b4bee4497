import { createSessionManager, rotate, ttlSecondsOf, withEncryption } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { keyNamed } from "../laws/encryption-keys.ts";
import { begin } from "../processes/processes.ts";

// Says "ready", and when it is told anything, rewrites the sessions of a store with a new key. Reports its progress after each page, until it has finished or is killed.

const keys = [keyNamed("2027"), keyNamed("2026")];
const options = { keys, acceptPlaintextUntil: Date.now() + 3_600_000 };
const handler = withEncryption(createRedisHandler(process.env.REDIS_URL ?? ""), options);
const sessions = createSessionManager({ handler });
await begin();
await rotate(handler, {
  ttlSeconds: ttlSecondsOf(sessions),
  onProgress: (progress) => process.send?.(progress),
});
await sessions.close();
process.disconnect?.();
