import { createIds, jsonOf, kilobyte } from "../tools/content.ts";
import { Rotation } from "../tools/rotation.ts";
import type { Row } from "../tools/slices.ts";
import { type Connections, fill } from "./connections.ts";

/** All rows read the same sessions, in turn. */
export async function readRows({ raw, handlers }: Connections, sessions: number): Promise<Row[]> {
  const ids = createIds(sessions);
  await fill(raw, ids, jsonOf(1, kilobyte));
  const onIds = (name: string, call: (id: string) => Promise<unknown>): Row => {
    const rotation = new Rotation(ids);
    return { name, run: () => call(rotation.next()) };
  };
  return [
    onIds("ioredis, GET", (id) => raw.get(id)),
    ...handlers.map(({ name, handler }) => onIds(name, (id) => handler.read(id))),
  ];
}
