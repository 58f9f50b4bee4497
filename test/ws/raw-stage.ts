import { expect } from "vitest";
import { type NativeStage, openNativeStage } from "./native-stage.ts";
import { openRawClient, type RawClient } from "./raw-client.ts";

/** What goes wrong where nobody handles it, while `act` runs. */
export async function strayErrors(act: () => Promise<void>): Promise<unknown[]> {
  const errors: unknown[] = [];
  const note = (error: unknown) => errors.push(error);
  process.on("uncaughtExceptionMonitor", note).on("unhandledRejection", note);
  try {
    await act();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("uncaughtExceptionMonitor", note).off("unhandledRejection", note);
  }
  return errors;
}

/** No connection, no socket, no session that is looked after, no timer. */
export async function expectNothingLeft(stage: NativeStage): Promise<void> {
  await stage.clock.advance(10_000);
  await expect.poll(() => openConnections(stage), { timeout: 10_000 }).toBe(0);
  await stage.clock.advance(10_000);
  expect(stage.sockets.size).toBe(0);
  expect(stage.wss.clients.size).toBe(0);
  expect(stage.clock.pending).toBe(0);
}

/** Lets a client do something, after which nothing may be left of it, and nothing may have gone wrong unseen. */
export async function withClient(
  act: (client: RawClient, stage: NativeStage, cookie: string) => Promise<void>,
  open: () => Promise<NativeStage> = openNativeStage,
): Promise<void> {
  await using stage = await open();
  const { url, cookie } = await stage.address(await stage.create());
  expect(
    await strayErrors(async () => {
      const client = await openRawClient(url);
      await act(client, stage, cookie);
      client.socket.destroy();
      await expectNothingLeft(stage);
    }),
  ).toEqual([]);
}

async function openConnections(stage: NativeStage): Promise<number> {
  return new Promise((resolve, reject) => {
    stage.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
