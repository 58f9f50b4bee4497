// @module-tag real-time

import { afterAll, describe, expect, test } from "vitest";
import { within } from "../laws/within.ts";
import { cancelOlderRead, cancelSharedWrite } from "./workerd-cancelled.ts";
import { type Compatibility, startWorkerd, type WorkerdHost } from "./workerd-host.ts";
import { startHeldStore } from "./workerd-store.ts";
import { answersTo, saidIn, soonAnswersTo, Visits } from "./workerd-visits.ts";

const store = await startHeldStore();
afterAll(() => store[Symbol.asyncDispose]());

/** Lets a promise that another request resolves go on in the request that waits for it; on by itself from October 14th, 2024. */
const flag = "handle_cross_request_promise_resolution";

const workers = await Promise.all([start({ day: "2022-11-30", flags: [flag] }), start({ day: "2026-04-01" })]);

async function start(compatibility: Compatibility): Promise<Compatibility & { readonly worker: WorkerdHost }> {
  const worker = await startWorkerd(compatibility, { STORE_URL: store.url });
  afterAll(() => worker[Symbol.asyncDispose]());
  return { ...compatibility, worker };
}

test.each([
  ["2024-10-13", false],
  ["2024-10-14", true],
])("on a Worker of %s, it is %s that requests can wait for each other", async (day, isGood) => {
  const { worker } = await start({ day });
  const visits = await Visits.create(worker, "native");
  const answers = await within(3000, answersTo(await visits.sendAll(5)));
  expect(answers !== "late" && saidIn(answers).every((said) => said === "ok")).toBe(isGood);
});

describe.each(workers)("on a Worker of $day, with a manager for all requests,", ({ worker }) => {
  test("a promise begun by a cancelled request fails its waiting callers", async () => {
    const read = store.hold("read");
    const first = worker.send({ do: "share" });
    await read.arrived;
    const second = worker.send({ do: "share" });
    first.cancel();
    await read.left;
    const answer = await within(1000, second.answer);
    expect(answer === "late" || answer.status === 500).toBe(true);
  });

  test.each(["native", "express", "checked"])(
    "50 concurrent updates of one session are made, each once (%s)",
    async (manager) => {
      const visits = await Visits.create(worker, manager);
      store.asked.length = 0;
      const answers = await answersTo(await visits.sendAll(50));
      expect(saidIn(answers)).toEqual(Array.from({ length: 50 }, () => "ok"));
      expect(store.asked.filter((method) => method === "write").length).toBeLessThan(40);
      await visits.expectCounted(answers);
      expect(saidIn(await answersTo([visits.send(), visits.send("open")]))).toEqual(["ok", "ok"]);
    },
  );

  describe.each(["native", "express"])("in the %s format,", (format) => {
    test.each(["read", "write"] as const)(
      "callers that wait for a request that is cancelled in its %s go on, and it may be executed later",
      async (method) => {
        const visits = await Visits.create(worker, format);
        const held = store.hold(method);
        const [first] = await visits.sendAll(1);
        await held.arrived;
        const waiting = await visits.sendAll(5);
        first?.cancel();
        await held.left;
        const answers = await soonAnswersTo(waiting);
        expect(saidIn(answers)).toEqual(["ok", "ok", "ok", "ok", "ok"]);
        held.carryOut();
        await visits.expectCounted(answers);
      },
    );

    test("callers that wait for one that is cancelled before its turn go on", async () => {
      const visits = await Visits.create(worker, format);
      const write = store.hold("write");
      const [first] = await visits.sendAll(1);
      await write.arrived;
      const [next] = await visits.sendAll(1);
      const waiting = await visits.sendAll(3);
      next?.cancel();
      await next?.answer;
      write.release();
      const answers = await soonAnswersTo([...(first ? [first] : []), ...waiting]);
      expect(saidIn(answers)).toEqual(["ok", "ok", "ok", "ok"]);
      await visits.expectCounted(answers);
    });

    test("calls after a request that was cancelled alone go on", async () => {
      const visits = await Visits.create(worker, format);
      const write = store.hold("write");
      const [first] = await visits.sendAll(1);
      await write.arrived;
      first?.cancel();
      await write.left;
      const answers = await soonAnswersTo([visits.send(), visits.send("open")]);
      expect(saidIn(answers)).toEqual(["ok", "ok"]);
    });

    test("calls after a request that was cancelled while it ended the session find it ended, or end it", async () => {
      const visits = await Visits.create(worker, format);
      const destroy = store.hold("destroy");
      const ending = visits.send("destroy");
      await destroy.arrived;
      const waiting = await visits.sendAll(2);
      const again = visits.send("destroy");
      ending.cancel();
      await destroy.left;
      expect(saidIn(await soonAnswersTo([again]))).toEqual(["ok"]);
      const answers = await soonAnswersTo(waiting);
      for (const said of saidIn(answers)) expect(["ok", "gone not-applied"]).toContain(said);
      destroy.carryOut();
      expect(saidIn(await answersTo([visits.send()]))).toEqual(["gone not-applied"]);
    });

    const together = format === "native" ? "ok" : "conflict unknown";

    test("callers that shared an unexecuted write learn so, and it may come later", async () => {
      const { visits, write, answers, said } = await cancelSharedWrite(worker, store, format, () => {});
      expect(said).toEqual({ first: "ok", together: [together, together, together], later: ["ok", "ok"] });
      write.carryOut();
      await visits.expectCounted(answers);
    });

    test("callers that shared an executed write learn so, and nothing is made twice", async () => {
      const { visits, answers, said } = await cancelSharedWrite(worker, store, format, (write) => write.carryOut());
      expect(said).toEqual({ first: "ok", together: [together, together, together], later: ["ok", "ok"] });
      await visits.expectCounted(answers);
    });

    test("a session object shared by several requests goes on after one was cancelled in its save", async () => {
      const visits = await Visits.create(worker, format);
      const write = store.hold("write");
      const [first] = await visits.sendAll(1, "save");
      await write.arrived;
      const waiting = await visits.sendAll(1, "save");
      first?.cancel();
      await write.left;
      const answers = await soonAnswersTo(waiting);
      expect(saidIn(answers)).toEqual([together]);
      write.carryOut();
      await visits.expectCounted(answers);
    });
  });

  test.each(["ping", "reconnect"] as const)(
    "callers that wait for a connection check whose request is cancelled in its %s go on",
    async (method) => {
      const visits = await Visits.create(worker, "checked");
      if (method === "reconnect") store.fail("ping");
      const check = store.hold(method);
      const [first] = await visits.sendAll(1);
      await check.arrived;
      const waiting = await visits.sendAll(3);
      const looking = await visits.sendAll(20, "open");
      first?.cancel();
      await check.left;
      const answers = await soonAnswersTo(waiting);
      expect(new Set(saidIn([...answers, ...(await soonAnswersTo(looking))]))).toEqual(new Set(["ok"]));
      await visits.expectCounted(answers);
    },
  );

  test("a call has its own deadline after the request of the call before it was cancelled", async () => {
    expect(await cancelOlderRead(worker, store)).toEqual(["timeout undefined"]);
  });

  test("a caller that waits for several checks is answered by its own deadline", async () => {
    const visits = await Visits.create(worker, "checked");
    const [ping, nextPing] = [store.hold("ping"), store.hold("ping")];
    const [reconnect, nextReconnect] = [store.hold("reconnect"), store.hold("reconnect")];
    const [first] = await visits.sendAll(1);
    await ping.arrived;
    const waiting = await visits.sendAll(1);
    await reconnect.arrived;
    first?.cancel();
    await nextPing.arrived;
    await nextReconnect.arrived;
    // By now it has begun a check itself, which would take 1.5 s more.
    expect(saidIn(await soonAnswersTo(waiting))).toEqual(["timeout not-applied"]);
    nextReconnect.release();
    const answers = await soonAnswersTo([visits.send()]);
    expect(saidIn(answers)).toEqual(["ok"]);
  });
});
