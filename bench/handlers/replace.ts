import type { Redis } from "ioredis";
import type { SessionHandler, Version } from "sessionwire";
import { createIds, jsonOf, kilobyte, ttlSeconds } from "../tools/content.ts";
import { forEachOf, Rotation } from "../tools/rotation.ts";
import type { Row } from "../tools/slices.ts";
import { type Connections, fill } from "./connections.ts";

/** Sessions with one writer, whose bytes change with each write: two texts alternate. */
const texts = [jsonOf(1, kilobyte), jsonOf(2, kilobyte)] as const;
const bytes = texts.map((text) => new TextEncoder().encode(text)) as [Uint8Array, Uint8Array];

interface OwnSession {
  readonly id: string;
  turn: 0 | 1;
  version?: Version | undefined;
}

/** Writes based on the version of the previous write. */
export async function replaceRows({ raw, handlers }: Connections, sessions: number): Promise<Row[]> {
  return [
    await ownSessions(raw, sessions, "ioredis, SET without any condition", (own) => setNext(raw, own)),
    ...(await Promise.all(
      handlers.map(({ name, handler }) =>
        ownSessions(raw, sessions, name, async (own) => {
          own.version ??= (await handler.read(own.id))?.version;
          return replace(handler, own, own.version);
        }),
      ),
    )),
  ];
}

/** Writes based on a preceding read. */
export async function readAndReplaceRows({ raw, handlers }: Connections, sessions: number): Promise<Row[]> {
  return [
    await ownSessions(raw, sessions, "ioredis, GET and SET without any condition", async (own) => {
      return (await raw.get(own.id)) && setNext(raw, own);
    }),
    ...(await Promise.all(
      handlers.map(({ name, handler }) =>
        ownSessions(raw, sessions, name, async (own) => replace(handler, own, (await handler.read(own.id))?.version)),
      ),
    )),
  ];
}

async function setNext(raw: Redis, own: OwnSession): Promise<unknown> {
  own.turn = own.turn === 0 ? 1 : 0;
  return raw.set(own.id, texts[own.turn], "EX", ttlSeconds);
}

/** A refused write has not done its work. */
async function replace(handler: SessionHandler, own: OwnSession, replaces: Version | undefined): Promise<boolean> {
  if (replaces === undefined) return false;
  own.turn = own.turn === 0 ? 1 : 0;
  const result = await handler.write(own.id, bytes[own.turn], { replaces, ttlSeconds });
  if (result.written) own.version = result.version;
  return result.written;
}

async function ownSessions(
  raw: Redis,
  count: number,
  name: string,
  call: (own: OwnSession) => Promise<unknown>,
): Promise<Row> {
  const rotation = new Rotation<OwnSession>(createIds(count).map((id) => ({ id, turn: 0 })));
  const { items } = rotation;
  await fill(
    raw,
    items.map(({ id }) => id),
    texts[0],
  );
  return { name, run: () => call(rotation.next()), setUp: () => forEachOf(items, call) };
}
