import type { SessionData } from "express-session";
import { ttlSeconds } from "../tools/content.ts";
import { forEachOf, Rotation } from "../tools/rotation.ts";
import type { Row } from "../tools/slices.ts";
import type { Connections, PromiseStore } from "./connections.ts";
import { type Amount, countOf, expectTotal, parseJson, storeJson, totalOfJson } from "./stored.ts";

/** The calls of express-session to its store: for a request that reads its session, and for one that changes it. */
type Work = (store: PromiseStore, id: string) => Promise<unknown>;

/** `get` and `touch`. */
export function storeReadRows(connections: Connections, amount: Amount): Promise<Row[]> {
  const read: Work = async (store, id) => {
    const session = await store.get(id);
    countOf((session as { n?: unknown }).n);
    await store.touch(id, session as SessionData);
    return session;
  };
  return rowsOf(connections, amount, "read", read);
}

/** `get` and `set`. */
export function storeChangeRows(connections: Connections, amount: Amount): Promise<Row[]> {
  const change: Work = async (store, id) => {
    const session = (await store.get(id)) as SessionData & { n: number };
    session.n = countOf(session.n) + 1;
    await store.set(id, session);
    return session;
  };
  return rowsOf({ ...connections, stores: connections.stores.slice(0, -1) }, amount, "change", change);
}

/** The stores work on their own sessions; the floor does the same by hand. */
async function rowsOf(
  { raw, stores }: Connections,
  amount: Amount,
  kind: "read" | "change",
  work: Work,
): Promise<Row[]> {
  const rows = [{ name: `ioredis, GET and ${kind === "read" ? "EXPIRE" : "SET"} of JSON`, open: byHand }, ...stores];
  return Promise.all(
    rows.map(async ({ name, open }, place) => {
      const prefix = `store-${kind}-${amount.bytes}-${place}:`;
      const store = open(prefix);
      const ids = await storeJson(raw, prefix, amount);
      const rotation = new Rotation(ids);
      return {
        name,
        setUp: () => forEachOf([...ids, ...ids], (id) => store.get(id)), // its result is remembered
        run: () => work(store, rotation.next()),
        verify: (operations: number) =>
          expectTotal(name, totalOfJson(raw, prefix, ids), kind === "read" ? 0 : operations),
      };
    }),
  );

  function byHand(prefix: string): PromiseStore {
    const store = {
      get: async (id: string) => parseJson(await raw.get(prefix + id)),
      set: (id: string, session: unknown) => raw.set(prefix + id, JSON.stringify(session), "EX", ttlSeconds),
      touch: (id: string) => raw.expire(prefix + id, ttlSeconds),
    };
    return store as unknown as PromiseStore; // without the callbacks
  }
}
