import { channel } from "node:diagnostics_channel";
import { createSessionManager } from "sessionwire";
import { createDiagnosticsObserver } from "sessionwire/diagnostics";
import { createMemoryHandler } from "sessionwire/memory";
import { expect, onTestFinished, test } from "vitest";

/** Writes down what is published on a channel. */
function listen(name: string): unknown[] {
  const heard: unknown[] = [];
  const listener = (message: unknown) => void heard.push(message);
  channel(name).subscribe(listener);
  onTestFinished(() => void channel(name).unsubscribe(listener));
  return heard;
}

test("events on sessions are published as entries of an audit log, without ids (law 138)", async () => {
  const sessions = createSessionManager({ handler: createMemoryHandler() });
  const stop = createDiagnosticsObserver().observe(sessions);
  const session = await sessions.create();
  session.set("a", 1);
  await session.save(); // nobody listens yet
  const heard = listen("sessionwire:session");
  await session.destroy();
  stop();
  await sessions.open(session.id);
  expect(heard).toEqual([
    {
      time: expect.stringMatching(/Z$/),
      ...{ type: "ended", origin: "here", reason: "destroyed", keyHash: expect.any(String) },
    },
  ]);
  expect(JSON.stringify(heard)).not.toContain(session.id);
});

test("writes are published with hashes, until it is told to stop (law 145)", async () => {
  const sessions = createSessionManager({ handler: createMemoryHandler() });
  const stop = createDiagnosticsObserver().observe(sessions);
  const heard = listen("sessionwire:write");
  const session = await sessions.create();
  session.set("a", 1);
  await session.save();
  stop();
  session.set("a", 2);
  await session.save();
  const keyHash = sessions.hashOf(await sessions.format.keyOf(session.id));
  expect(heard).toMatchObject([{ changes: 1, conflicts: 0, keyHash }]);
});

test("events on sockets are published as they are, which is without ids", () => {
  const heard = listen("sessionwire:socket");
  const event = { type: "opened", session: "a hash", at: 0 } as const;
  createDiagnosticsObserver().onSocketEvent(event);
  expect(heard).toEqual([event]);
});
