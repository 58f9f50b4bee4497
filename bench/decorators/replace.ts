import type { SessionHandler } from "sessionwire";
import { ttlSeconds } from "../tools/content.ts";

/** Destroys and creates, which needs no version. */
export async function replace(handler: SessionHandler, data: Uint8Array): Promise<boolean> {
  await handler.destroy("a");
  return (await handler.write("a", data, { replaces: undefined, ttlSeconds })).written;
}
