import { inspect } from "node:util";
import type { SessionHandler, Version } from "sessionwire";
import { bytes } from "./law.ts";

/** The errors of all operations with an id, data and a version that are secret (law 35); some of them need not fail. */
export async function failuresOf(
  handler: SessionHandler,
  id: string,
  data: string,
  version: Version | undefined,
): Promise<unknown[]> {
  const results = await Promise.allSettled([
    handler.read(id),
    handler.read(id, { ttlSeconds: 60 }),
    handler.write(id, bytes(data), { replaces: undefined, ttlSeconds: 60 }),
    handler.write(id, bytes(data), { replaces: version, ttlSeconds: 60 }),
    handler.touch(id, 60),
    handler.destroy(id, { replaces: version }),
    handler.destroy(id),
  ]);
  return results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
}

/** All that a log could show of a value: its text, its stack, its causes, its properties and its JSON. */
export function everythingIn(value: unknown): string {
  const stack = value instanceof Error ? value.stack : "";
  return [inspect(value, { depth: 10, showHidden: true }), String(value), stack, JSON.stringify(value)].join("\n");
}
