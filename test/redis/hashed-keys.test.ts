import { type SessionHandler, withConnectionCheck, withHashedKeys } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createRedisHandler } from "sessionwire/redis";
import { expect, test } from "vitest";
import { startExpressSite } from "../express/express-site.ts";
import { changing } from "../express/site.ts";
import { expectNoEscapes } from "./escapes.ts";
import { openScene } from "./scene.ts";

expectNoEscapes();

const { server } = await openScene();

/** All that a reader of the server sees while an application runs on the handler: commands, slow log, keys and values. */
async function traceOf(handler: SessionHandler): Promise<{ readonly ids: readonly string[]; readonly trace: string }> {
  await server.command("flushall");
  await server.command("config", "set", "slowlog-log-slower-than", "0");
  const monitor = await server.monitor();
  await using site = await startExpressSite(createExpressStore(handler), { rolling: true });
  const browser = site.open();
  await browser.visit(changing({ user: "Ann" }));
  const ids = [browser.id];
  await browser.visit(changing({ more: 1 }));
  await browser.visit(({ session }) => session.user);
  await browser.visit(async (visit) => {
    await visit.regenerate();
    visit.session.user = "Ann";
  });
  ids.push(browser.id);
  const another = site.open();
  await another.visit(changing({ user: "Bob" }));
  ids.push(another.id);
  await another.visit(({ destroy }) => destroy());
  expect(site.errors).toEqual([]);
  await monitor.caughtUp();
  monitor.stop();
  const keys = (await server.command("keys", "*")) as string[]; // as the command replies
  const values = await Promise.all(keys.map((key) => server.command("get", key)));
  const log = await server.command("slowlog", "get", "1000");
  expect(keys).toHaveLength(1);
  expect(String(values)).toContain("Ann");
  expect(new Set(ids).size).toBe(3);
  return { ids, trace: JSON.stringify([monitor.commands, log, keys, values]) };
}

test("without hashed keys, MONITOR, the slow log and the keys of Redis show the ids of express-session", async () => {
  await using handler = createRedisHandler(server.url);
  const { ids, trace } = await traceOf(handler);
  for (const id of ids) expect(trace).toContain(id);
});

test("with hashed keys, they show none of them (law 113)", async () => {
  await using handler = withHashedKeys(withConnectionCheck(createRedisHandler(server.url), { everySeconds: 0 }));
  const { ids, trace } = await traceOf(handler);
  for (const id of ids) expect(trace).not.toContain(id);
});

test("a store for express-session on hashed keys does not offer what it cannot do", async () => {
  await using handler = withHashedKeys(createRedisHandler(server.url));
  const store = createExpressStore(handler);
  for (const method of ["ids", "all", "length", "clear"] as const) expect(store[method]).toBeUndefined();
});
