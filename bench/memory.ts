import { randomBytes } from "node:crypto";
import { type SessionHandler, type Version, withConnectionCheck, withTimeout } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import type { Row } from "./measure.ts";
import type { Question } from "./redis.ts";

const ttlSeconds = 3600;
const data: Uint8Array = new Uint8Array(randomBytes(1024));

/** Each row works through all `count` sessions in one call. */
export async function memoryQuestions(count: number): Promise<Question[]> {
  const ids = Array.from({ length: count }, () => randomBytes(24).toString("base64url"));
  const handlers = [
    { name: "createMemoryHandler", handler: createMemoryHandler() },
    { name: "withTimeout(createMemoryHandler)", handler: withTimeout(createMemoryHandler()) },
    { name: "withConnectionCheck(createMemoryHandler)", handler: withConnectionCheck(createMemoryHandler()) },
    {
      name: "withConnectionCheck(withTimeout(createMemoryHandler))",
      handler: withConnectionCheck(withTimeout(createMemoryHandler())),
    },
  ];
  const filled = await Promise.all(handlers.map(async (row) => ({ ...row, versions: await fill(row.handler, ids) })));
  const map = new Map(ids.map((id) => [id, data]));
  return [
    {
      question: "read",
      rows: [
        each("Map, get", ids, (id) => map.get(id)),
        eachAwaited("Map, an async function that copies the bytes", ids, async (id) => map.get(id)?.slice()),
        ...filled.map(({ name, handler }) => eachAwaited(name, ids, (id) => handler.read(id))),
      ],
    },
    {
      question: "replacing write",
      rows: [
        each("Map, set", ids, (id) => map.set(id, data)),
        eachAwaited("Map, an async function that copies the bytes", ids, async (id) => map.set(id, data.slice())),
        ...filled.map(({ name, handler, versions }) => eachAwaited(name, ids, (id) => replace(handler, versions, id))),
      ],
    },
  ];
}

async function fill(handler: SessionHandler, ids: readonly string[]): Promise<Map<string, Version>> {
  const versions = new Map<string, Version>();
  for (const id of ids) await replace(handler, versions, id);
  return versions;
}

async function replace(handler: SessionHandler, versions: Map<string, Version>, id: string): Promise<boolean> {
  const result = await handler.write(id, data, { replaces: versions.get(id), ttlSeconds });
  if (result.written) versions.set(id, result.version);
  return result.written;
}

function each(name: string, ids: readonly string[], call: (id: string) => unknown): Row {
  return {
    name,
    run() {
      for (const id of ids) expectTrue(Boolean(call(id)));
    },
  };
}

function eachAwaited(name: string, ids: readonly string[], call: (id: string) => Promise<unknown>): Row {
  return {
    name,
    async run() {
      for (const id of ids) expectTrue(Boolean(await call(id)));
    },
  };
}

/** A row that does not do its work must not look fast. */
function expectTrue(done: boolean): void {
  if (!done) throw new Error("An operation had another result than the bench expects.");
}
