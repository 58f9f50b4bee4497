import { randomBytes } from "node:crypto";
import { type SessionHandler, withHashedKeys } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { jsonOf, kilobyte, ttlSeconds } from "../tools/content.ts";
import { Rotation } from "../tools/rotation.ts";
import type { Row } from "../tools/slices.ts";

const data = new TextEncoder().encode(jsonOf(1, kilobyte));
/** So many that a clock can measure them. */
const READS = 100;

/** Reads through hashed keys: of a few sessions, whose keys are remembered, and of more than are remembered. */
export async function hashedKeysRows(sessions: number): Promise<Row[]> {
  const ids = Array.from({ length: sessions }, () => `sess:${randomBytes(24).toString("base64url")}`);
  const rowsOf = async (title: string, ids: readonly string[]): Promise<Row[]> => [
    await readRow(`memory, ${title}`, createMemoryHandler(), ids),
    await readRow(`withHashedKeys, ${title}`, withHashedKeys(createMemoryHandler()), ids),
    await readRow(`withHashedKeys and a secret, ${title}`, withHashedKeys(createMemoryHandler(), { secret: "s" }), ids),
  ];
  return [...(await rowsOf("100 sessions", ids.slice(0, 100))), ...(await rowsOf(`${sessions} sessions`, ids))];
}

async function readRow(name: string, handler: SessionHandler, ids: readonly string[]): Promise<Row> {
  for (const id of ids) await handler.write(id, data, { replaces: undefined, ttlSeconds });
  const rotation = new Rotation(ids);
  return {
    name,
    operationsPerRun: READS,
    async run() {
      let found = true;
      for (let count = 0; count < READS; count += 1)
        found = (await handler.read(rotation.next())) !== undefined && found;
      return found;
    },
  };
}
