// @module-tag real-time

import { afterAll, describe, expect, test, vi } from "vitest";
import { startUpstash, type UpstashFault } from "../servers/upstash-server.ts";
import { startWorkerd, type WorkerdHost } from "./workerd-host.ts";
import { answersTo, saidIn, soonAnswersTo, type Visit, Visits } from "./workerd-visits.ts";

const server = await startUpstash();
const { url, token } = server;
const startWorker = () => startWorkerd({ day: "2026-04-01" }, { UPSTASH: { url, token } });
const worker = await startWorker();
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await server.stop();
});

const faults: readonly UpstashFault[] = ["silence", "unanswered"];

/** Sends a visit whose requests come to that, is cancelled in the last of them, and has others waiting for it. */
async function cancelIn(visits: Visits, fate: readonly UpstashFault[]): Promise<Visit[]> {
  const before = server.requests.length;
  for (const fault of fate) server.next(fault);
  const [first] = await visits.sendAll(1);
  const last = await vi.waitUntil(() => server.requests[before + fate.length - 1], { timeout: 5000 });
  const waiting = await visits.sendAll(5);
  first?.cancel();
  await vi.waitUntil(() => last.wasGivenUp);
  return waiting;
}

describe("on a Worker, with a manager for all requests on Upstash,", () => {
  test.each(["upstash", "checked upstash"])(
    "50 concurrent updates of one session are made, each once (%s)",
    async (manager) => {
      const visits = await Visits.create(worker, manager);
      const answers = await answersTo(await visits.sendAll(50));
      expect(saidIn(answers)).toEqual(Array.from({ length: 50 }, () => "ok"));
      await visits.expectCounted(answers);
    },
  );

  test.each(faults)("callers that wait for one that is cancelled in its read go on (%s)", async (fault) => {
    const visits = await Visits.create(worker, "upstash");
    const answers = await soonAnswersTo(await cancelIn(visits, [fault]));
    expect(saidIn(answers)).toEqual(["ok", "ok", "ok", "ok", "ok"]);
    await visits.expectCounted(answers);
  });

  test.each(faults)("callers that wait for one that is cancelled in its write go on (%s)", async (fault) => {
    const visits = await Visits.create(worker, "upstash");
    await answersTo([visits.send()]); // whoever comes right after need not read
    const answers = await soonAnswersTo(await cancelIn(visits, [fault]));
    expect(saidIn(answers)).toEqual(["ok", "ok", "ok", "ok", "ok"]);
    await visits.expectCounted(answers);
  });

  test("callers that wait for a connection check whose request is cancelled in its ping go on", async () => {
    const visits = await Visits.create(worker, "checked upstash");
    const answers = await soonAnswersTo(await cancelIn(visits, ["silence"]));
    expect(saidIn(answers)).toEqual(["ok", "ok", "ok", "ok", "ok"]);
    await visits.expectCounted(answers);
  });

  test("callers that wait for one whose request is cancelled while it reconnects go on", async () => {
    // One of its own, which pings on as many connections as it has had, and so on one.
    await using fresh: WorkerdHost = await startWorker();
    const visits = await Visits.create(fresh, "checked upstash");
    const answers = await soonAnswersTo(await cancelIn(visits, ["silence", "silence"]));
    expect(saidIn(answers)).toEqual(["ok", "ok", "ok", "ok", "ok"]);
    await visits.expectCounted(answers);
  });
});
