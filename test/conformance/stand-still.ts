import { type NetworkedSessionHandler, withConnectionCheck, withTimeout } from "sessionwire";
import { expect, test, vi } from "vitest";
import { standStill } from "../faults/stand-still.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { create } from "../redis/session-data.ts";
import { failureOf, rejectionOf, timed } from "../redis/settling.ts";
import type { NetworkedStore } from "./stores/store.ts";

const twenty = Array.from({ length: 20 });
const always = { everySeconds: 0 };

/** Defines tests of a process that stands still while a store answers it, and may be busy with nothing else. */
export function describeStandStill({ harness, openBare }: NetworkedStore): void {
  expectNoEscapes();

  test("a process that stands still for 2.1 s treats arrived answers as late with the bare client; a handler has them all, and replaces no connection (laws 38 and 52)", async () => {
    await using server = await harness.startServer();
    using bare = openBare(server.port, 2000);
    await bare.get("a");
    const bareGets = twenty.map(() => rejectionOf(bare.get("a")));
    await standStill(2100);
    for (const error of await Promise.all(bareGets)) expect(String(error)).toContain("timed out");

    await using handler = open(server.port);
    const reconnect = vi.spyOn(handler, "reconnect");
    const { id } = await create(handler);
    // Behind a check that pings first, a read is sent when the process goes on: it needs a deadline of its own from then on.
    const decorated = [
      handler,
      withTimeout(handler),
      withTimeout(withConnectionCheck(handler)),
      withConnectionCheck(handler, always),
    ];
    const reads = decorated.flatMap((each) => twenty.map(() => each.read(id)));
    await standStill(2100);
    for (const session of await Promise.all(reads)) expect(session).toBeDefined();
    expect(reconnect).not.toHaveBeenCalled();
  });

  test("none of 15 healthy connections whose ping was under way while the process stood still is replaced (law 52)", async () => {
    await using server = await harness.startServer();
    const handlers = twenty.slice(5).map(() => open(server.port));
    const reconnections = handlers.map((each) => vi.spyOn(each, "reconnect"));
    const checked = handlers.map((each) => withConnectionCheck(each, always));
    await Promise.all(handlers.map((each) => each.read("a")));
    const reads = checked.map((each) => each.read("a"));
    await standStill(1100); // a ping may take one second
    await Promise.all(reads);
    expect(reconnections.map(({ mock }) => mock.calls.length)).toEqual(handlers.map(() => 0));
    await Promise.all(checked.map((each) => each.close()));
  });

  test("a dead store is given up no later for it (laws 38 and 59)", async () => {
    await using server = await harness.startServer();
    await using opened = open(server.port, 500);
    const limits = { ...always, pingTimeoutMs: 500, reconnectTimeoutMs: 500 };
    await using checked = withConnectionCheck(open(server.port, 500), limits);
    await Promise.all([opened.read("a"), checked.read("a")]);
    server.freeze();
    const reads = twenty.map(() => failureOf(opened.read("a")));
    const check = timed(failureOf(checked.read("a")));
    await standStill(600);
    const { value, ms } = await timed(Promise.all(reads));
    for (const error of value) expect(error).toMatchObject({ code: "timeout" });
    expect(ms).toBeLessThan(100);
    const failed = await check;
    expect(failed.value).toMatchObject({ code: "unavailable" });
    expect(failed.ms).toBeLessThan(600 + 500 + 200); // the ping is late, and the reconnection takes its time
  });

  function open(port: number, timeoutMs = 2000): NetworkedSessionHandler {
    return harness.create(port, { timeoutMs });
  }
}
