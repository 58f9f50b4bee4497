import { once } from "node:events";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { createSessionManager, expressFormat, withTimeout } from "sessionwire";
import { createReferenceHandler, type Fault, findLostUpdates, withFaults } from "sessionwire/testing";
import { faultPlans } from "sessionwire/testing/properties";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApplication } from "./application.ts";

/** The fates of the next calls of the store. */
const faults: Fault[] = [];
const handler = withTimeout(
  withFaults(createReferenceHandler(), () => faults.shift() ?? "none"),
  { timeoutMs: 200 },
);
const sessions = createSessionManager({ handler, format: expressFormat() });
const server = createApplication(sessions).listen(0, "127.0.0.1");

let address = "";
beforeAll(async () => {
  if (!server.listening) await once(server, "listening");
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await sessions.close();
});

describe("a cart, when the store fails", () => {
  it("answers 503 and signs nobody out when the store is frozen", async () => {
    const visitor = await begin();
    await visitor.buy("tea");
    faults.push("silence");
    expect((await visitor.see()).status).toBe(503);
    expect(await (await visitor.see()).json()).toEqual(["tea"]);
  });

  it("says so when nobody knows whether it was bought, and buys it once at most", async () => {
    const visitor = await begin();
    faults.push("none", "none", "lost reply", "lost request"); // the session is read, then read and written for the update
    const { status } = await visitor.buy("tea");
    faults.length = 0;
    const cart = (await (await visitor.see()).json()) as string[]; // the body that the route sends
    expect([204, 503]).toContain(status);
    expect(cart.length).toBeLessThanOrEqual(1);
  });

  it("loses nothing that was acknowledged and buys nothing twice, whatever becomes of the calls", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), faultPlans(), async (purchases, plan) => {
        const visitor = await begin();
        const items = Array.from({ length: purchases }, (_, index) => `item ${index}`);
        faults.push(...plan);
        const answers = await Promise.all(items.map((item) => visitor.buy(item)));
        faults.length = 0;
        const bought = items.filter((_, place) => answers[place]?.status === 204);
        const doubted = await namesOfUnknown(items, answers);
        const cart = (await (await visitor.see()).json()) as string[]; // the body that the route sends
        const nothing = { missing: [], repeated: [], uninvited: [] };
        expect(findLostUpdates({ acknowledged: bought, unknown: doubted }, cart)).toEqual(nothing);
      }),
      { numRuns: 50 },
    ));
});

/** A visitor with a separate cookie. */
async function begin() {
  faults.length = 0;
  const first = await fetch(`${address}/cart`);
  const cookie = first.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const headers = { cookie };
  return {
    buy: (item: string) => fetch(`${address}/cart/${encodeURIComponent(item)}`, { method: "POST", headers }),
    see: () => fetch(`${address}/cart`, { headers }),
  };
}

async function namesOfUnknown(items: readonly string[], answers: readonly Response[]): Promise<string[]> {
  const bodies = await Promise.all(answers.map((answer) => answer.text()));
  return items.filter((_, place) => bodies[place]?.includes('"outcome":"unknown"'));
}
