import type { SocketSession } from "sessionwire/ws";
import { describe, expect, test } from "vitest";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { failureOf } from "../redis/settling.ts";
import { openNativeStage } from "./native-stage.ts";
import { strayErrors } from "./raw-stage.ts";

// They are looked for here, and some of them are wanted.
ignoreUnhandledRejections();

async function openPair() {
  const stage = await openNativeStage();
  return Object.assign(stage, await stage.connect(await stage.create()));
}

const own = new Error("An error of the application's own.");

const calls: [string, (session: SocketSession) => Promise<unknown>][] = [
  ["open", (session) => session.open()],
  ["change", (session) => session.change((draft) => draft.set("n", 1))],
  ["destroy", (session) => session.destroy()],
];

describe.each(calls)("the failure of the store in `%s`", (_, call) => {
  test("breaks nothing if nobody handles it, and is reported", async () => {
    await using stage = await openPair();
    stage.handler.trouble = "failing";
    const errors = await strayErrors(async () => {
      call(stage.session);
      await expect.poll(() => stage.events.map(({ type }) => type)).toEqual(["opened", "failed"]);
    });
    expect(errors).toEqual([]);
    expect(stage.events[1]).toMatchObject({ error: { code: "unavailable" }, session: expect.any(String) });
    expect(stage.client.isOpen).toBe(true);
    stage.handler.trouble = "none";
  });

  test("is a rejection for its handler, at once or later", async () => {
    await using stage = await openPair();
    stage.handler.trouble = "failing";
    const attempt = call(stage.session);
    expect(await failureOf(attempt)).toMatchObject({ code: "unavailable" });
    await new Promise((resolve) => setImmediate(resolve));
    expect(await failureOf(attempt)).toMatchObject({ code: "unavailable" });
    stage.handler.trouble = "none";
  });

  test("is the application's to handle once it has derived another promise", async () => {
    await using stage = await openPair();
    stage.handler.trouble = "failing";
    const errors = await strayErrors(async () => {
      const awaiting = async () => void (await call(stage.session));
      awaiting();
      await expect.poll(() => stage.events.length).toBe(2);
    });
    expect(errors).toMatchObject([{ code: "unavailable" }]);
    stage.handler.trouble = "none";
  });
});

test("a session that is found to be gone is reported, breaks nothing and closes the socket", async () => {
  await using stage = await openPair();
  await stage.elsewhere().destroy(stage.session.id);
  const errors = await strayErrors(async () => {
    stage.session.open();
    expect((await stage.client.closed).code).toBe(1008);
  });
  expect(errors).toEqual([]);
  expect(stage.events).toContainEqual(
    expect.objectContaining({ type: "failed", error: expect.objectContaining({ code: "gone" }) }),
  );
});

describe("an error of the application's own", () => {
  const failing = (session: SocketSession) =>
    session.change(() => {
      throw own;
    });

  test("in the function of an update is a rejection, and is not reported", async () => {
    await using stage = await openPair();
    const errors = await strayErrors(async () => {
      await expect(failing(stage.session)).rejects.toBe(own);
    });
    expect(errors).toEqual([]);
    expect(stage.events.map(({ type }) => type)).toEqual(["opened"]);
  });

  test("in the function of an update is not hidden if nobody handles it", async () => {
    await using stage = await openPair();
    const errors = await strayErrors(async () => {
      failing(stage.session);
      await expect(failing(stage.session)).rejects.toBe(own);
    });
    expect(errors).toEqual([own]);
  });

  test("at the beginning of a socket is not hidden, and leaves the socket open", async () => {
    await using stage = await openNativeStage({}, { onConnection: () => Promise.reject(own) });
    const created = await stage.create();
    const errors = await strayErrors(async () => {
      expect((await stage.connect(created)).client.isOpen).toBe(true);
    });
    expect(errors).toEqual([own]);
    expect(stage.events.map(({ type }) => type)).toEqual(["opened"]);
  });
});
