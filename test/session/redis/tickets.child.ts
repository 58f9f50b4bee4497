import { createSessionManager, expressFormat, isSessionError, nativeFormat } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";

// Redeems each ticket that it is sent, as another process does at the same time.

/** The fate of a ticket in this process; `unknown`: nobody can tell. */
export type Redemption = "session" | "nothing" | "unknown";

const { REDIS_URL: url = "", FORMAT } = process.env;
const format = FORMAT === "express" ? expressFormat() : nativeFormat();
const sessions = createSessionManager({ handler: createRedisHandler(url, { timeoutMs: 1000 }), format });

process.on("message", async (ticket: string) => {
  process.send?.(await redeem(ticket));
});
await redeem("A".repeat(43)); // which connects
process.send?.("ready");

/** Begins again where it is told that the ticket is as good as before. */
async function redeem(ticket: string): Promise<Redemption> {
  for (;;) {
    try {
      return (await sessions.tickets.redeem(ticket)) ? "session" : "nothing";
    } catch (error) {
      if (!isSessionError(error)) throw error;
      if (error.outcome !== "not-applied") return "unknown";
    }
  }
}
