import { createSessionManager, expressFormat, nativeFormat, type SessionHandler } from "sessionwire";
import { expect } from "vitest";

/** Has several processes, each on a handler of its own, redeem one ticket at once, in both formats: one of them gets the session. */
export async function expectOneWinner(handlers: readonly SessionHandler[], rounds = 50): Promise<void> {
  for (const createFormat of [nativeFormat, expressFormat]) {
    const managers = handlers.map((handler) => createSessionManager({ handler, format: createFormat() }));
    const [first] = managers;
    const session = await first?.create();
    session?.set("user", "ada");
    await session?.save();
    for (let round = 0; round < rounds; round += 1) {
      const ticket = await first?.tickets.issue({ id: String(session?.id) });
      const found = await Promise.all(managers.map(({ tickets }) => tickets.redeem(String(ticket))));
      expect(found.filter((each) => each !== undefined).map((each) => each?.get("user"))).toEqual(["ada"]);
    }
  }
}
