import { createIds, jsonOf, kilobyte, ttlSeconds } from "../tools/content.ts";
import { Rotation } from "../tools/rotation.ts";
import type { Row } from "../tools/slices.ts";
import { type Connections, fill } from "./connections.ts";

interface Question {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

const text = jsonOf(1, kilobyte);
const data = new TextEncoder().encode(text);

/** Returns the rows of the other operations of a handler. Each slice starts with sessions that are stored anew. */
export function otherQuestions({ raw, handlers }: Connections, sessions: number): Question[] {
  const onStored = (name: string, call: (id: string) => Promise<unknown>): Row => {
    let rotation = new Rotation(createIds(sessions));
    return {
      name,
      async prepare() {
        rotation = new Rotation(createIds(sessions));
        await raw.flushall();
        await fill(raw, rotation.items, text);
      },
      run: () => call(rotation.next()),
    };
  };
  const onFresh = (name: string, call: (id: string) => Promise<unknown>): Row => {
    let rotation = new Rotation<string>([]);
    return { name, prepare: () => (rotation = new Rotation(createIds(sessions))), run: () => call(rotation.next()) };
  };
  return [
    {
      id: "read-touch",
      title: "read and touch",
      rows: [
        onStored("ioredis, GETEX", (id) => raw.getex(id, "EX", ttlSeconds)),
        ...handlers.map(({ name, handler }) => onStored(name, (id) => handler.read(id, { ttlSeconds }))),
      ],
    },
    {
      id: "create",
      title: "create",
      rows: [
        onFresh("ioredis, SET NX", (id) => raw.set(id, text, "EX", ttlSeconds, "NX")),
        ...handlers.map(({ name, handler }) =>
          onFresh(name, async (id) => (await handler.write(id, data, { replaces: undefined, ttlSeconds })).written),
        ),
      ],
    },
    {
      id: "touch",
      title: "touch",
      rows: [
        onStored("ioredis, EXPIRE", (id) => raw.expire(id, ttlSeconds)),
        ...handlers.map(({ name, handler }) => onStored(name, (id) => handler.touch(id, ttlSeconds))),
      ],
    },
    {
      id: "destroy",
      title: "destroy",
      rows: [
        onStored("ioredis, DEL", (id) => raw.del(id)),
        ...handlers.map(({ name, handler }) => onStored(name, async (id) => (await handler.destroy(id)).destroyed)),
      ],
    },
  ];
}
