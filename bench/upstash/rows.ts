import { Redis as Upstash } from "@upstash/redis";
import type { Redis } from "ioredis";
import { createSessionManager, expressFormat, type SessionManager } from "sessionwire";
import { createUpstashHandler } from "sessionwire/upstash";
import { countOf, expectTotal, parseJson, storeJson, totalOfJson } from "../sessions/stored.ts";
import { type Attributes, kilobyte, ttlSeconds } from "../tools/content.ts";
import { Rotation } from "../tools/rotation.ts";
import type { Row } from "../tools/slices.ts";
import type { UpstashAddress } from "./server.child.ts";

export async function readRows(address: UpstashAddress, raw: Redis, sessions: number): Promise<Row[]> {
  const prefix = "read:";
  const { bare, handler, manager } = connect(address, prefix);
  const rotation = new Rotation(await storeJson(raw, prefix, { sessions, bytes: kilobyte }));
  return [
    {
      name: "@upstash/redis, GET and JSON.parse",
      run: async () => parseJson(await bare.get(prefix + rotation.next())),
    },
    { name: "createUpstashHandler", run: () => handler.read(prefix + rotation.next()) },
    { name: "Session, format of express-session", run: () => manager.open(rotation.next(), { keepAlive: false }) },
  ];
}

/** Each row has its own sessions. The floor has no condition. */
export async function updateRows(address: UpstashAddress, raw: Redis, sessions: number): Promise<Row[]> {
  const { bare, handler } = connect(address, "");
  const { manager } = connect(address, "manager:");
  const onOwn = async (name: string, prefix: string, change: (id: string) => Promise<unknown>): Promise<Row> => {
    const ids = await storeJson(raw, prefix, { sessions, bytes: kilobyte });
    const rotation = new Rotation(ids);
    return {
      name,
      run: () => change(rotation.next()),
      verify: (operations) => expectTotal(name, totalOfJson(raw, prefix, ids), operations),
    };
  };
  return [
    await onOwn("@upstash/redis, GET and SET of JSON", "bare:", async (id) => {
      const session = parseJson(await bare.get(`bare:${id}`));
      session.n += 1;
      return bare.set(`bare:${id}`, JSON.stringify(session), { ex: ttlSeconds });
    }),
    await onOwn("createUpstashHandler, compare-and-set of JSON", "handler:", async (id) => {
      const stored = await handler.read(`handler:${id}`);
      if (stored === undefined) return false;
      const session = parseJson(new TextDecoder().decode(stored.data));
      session.n += 1;
      const data = new TextEncoder().encode(JSON.stringify(session));
      return (await handler.write(`handler:${id}`, data, { replaces: stored.version, ttlSeconds })).written;
    }),
    await onOwn("sessions.update, format of express-session", "manager:", async (id) => {
      await manager.update(id, (draft) => draft.update("n", (n) => countOf(n) + 1));
      return true;
    }),
  ];
}

function connect({ url, token }: UpstashAddress, prefix: string) {
  const bare = new Upstash({ url, token, enableTelemetry: false, automaticDeserialization: false });
  const handler = createUpstashHandler({ url, token });
  const manager: SessionManager<Attributes> = createSessionManager<Attributes>({
    handler: createUpstashHandler({ url, token }),
    format: expressFormat({ prefix }),
  });
  return { bare, handler, manager };
}
