import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { expect, test } from "vitest";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

test("a store retains nothing of the sessions that it has created, read and lost", async () => {
  await using handler = createMemoryHandler({ maxSessions: 10 });
  const store = createExpressStore(handler);
  const live = async (from: number, to: number) => {
    for (let place = from; place < to; place += 1) {
      const sid = String(place).padEnd(200, "x");
      await promised((done) => store.set(sid, { cookie: { originalMaxAge: 60_000 } } as never, done));
      await promised((done) => store.get(sid, done));
      await promised((done) => store.destroy(sid, done));
    }
    await new Promise((resolve) => setTimeout(resolve, 1100)); // what was seen is kept for a second
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const before = await live(0, 10_000);
  const after = await live(10_000, 20_000);
  expect((after - before) / 10_000).toBeLessThan(100); // bytes for each, of which its id alone has 200
});

function promised(call: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error ? reject(error) : resolve()));
  });
}
