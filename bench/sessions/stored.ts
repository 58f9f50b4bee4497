import type { Redis } from "ioredis";
import type { SessionManager } from "sessionwire";
import { type Attributes, attributesOf, createIds, jsonOf, type StoredJson, ttlSeconds } from "../tools/content.ts";
import { forEachOf } from "../tools/rotation.ts";

/** A number of sessions of one size. */
export interface Amount {
  readonly sessions: number;
  readonly bytes: number;
}

/** Stores sessions in the form of express-session, and returns their ids. */
export async function storeJson(raw: Redis, prefix: string, { sessions, bytes }: Amount): Promise<string[]> {
  const ids = createIds(sessions);
  await forEachOf(ids, (id, user) => raw.set(prefix + id, jsonOf(user, bytes), "EX", ttlSeconds));
  return ids;
}

/** Stores sessions in the native format, and returns their ids. */
export async function storeNative(manager: SessionManager<Attributes>, { sessions, bytes }: Amount): Promise<string[]> {
  const ids: string[] = [];
  await forEachOf(Array.from({ length: sessions }), async (_, user) => {
    const session = await manager.create();
    for (const [name, value] of Object.entries(attributesOf(user, bytes))) session.set(name, value);
    await session.save();
    ids.push(session.id);
  });
  return ids;
}

/** Throws unless the counts of the sessions add up to the number of measured operations. */
export async function expectTotal(name: string, total: Promise<number>, operations: number): Promise<void> {
  const stored = await total;
  if (stored !== operations)
    throw new Error(`"${name}" has made ${operations} changes, of which ${stored} are stored.`);
}

/** Returns the sum of the counts in sessions in the form of express-session. */
export function totalOfJson(raw: Redis, prefix: string, ids: readonly string[]): Promise<number> {
  return totalOf(ids, async (id) => parseJson(await raw.get(prefix + id)).n);
}

export function totalOfManager(manager: SessionManager<Attributes>, ids: readonly string[]): Promise<number> {
  return totalOf(ids, async (id) => countOf((await manager.open(id))?.get("n")));
}

/** Stores a few at a time, so that no call waits beyond its deadline. */
async function totalOf(ids: readonly string[], count: (id: string) => Promise<number>): Promise<number> {
  let total = 0;
  await forEachOf(ids, async (id) => {
    const one = await count(id);
    total += one;
  });
  return total;
}

/** An absent session must not count as a session that was read. */
export function parseJson(text: string | null): StoredJson {
  if (text === null) throw new Error("A session of the bench is missing.");
  return JSON.parse(text);
}

export function countOf(count: unknown): number {
  if (typeof count !== "number") throw new Error("A session of the bench has no count.");
  return count;
}
