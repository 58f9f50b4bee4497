import { withHashedKeys, withMigration } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createRedisHandler } from "sessionwire/redis";
import { startApplication } from "./application.ts";

// An application in a process of its own, at a step from plain to hashed keys. Says where it can be reached, and runs until it is killed.

const { REDIS_URL: url = "", STEP } = process.env;
const plain = createRedisHandler(url);
const hashed = withHashedKeys(plain);
const handler = STEP === "3" ? hashed : withMigration(plain, hashed, { moves: STEP === "2" });
const application = await startApplication(createExpressStore(handler));
process.send?.(application.url);
