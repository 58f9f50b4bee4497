import type { SessionManager } from "sessionwire";
import { type Attributes, ttlSeconds } from "../tools/content.ts";
import { forEachOf, Rotation } from "../tools/rotation.ts";
import type { Row } from "../tools/slices.ts";
import type { Connections } from "./connections.ts";
import {
  type Amount,
  countOf,
  expectTotal,
  parseJson,
  storeJson,
  storeNative,
  totalOfJson,
  totalOfManager,
} from "./stored.ts";

/**
 * Increments a count in a session. Each row has its own sessions, and none of its changes may be missing at the end.
 */
export async function changeRows({ raw, openNative, openExpress }: Connections, amount: Amount): Promise<Row[]> {
  const ofRaw = `change-raw-${amount.bytes}:`;
  const ofExpress = `change-express-${amount.bytes}:`;
  const ids = await storeJson(raw, ofRaw, amount);
  const rotation = new Rotation(ids);
  const native = openNative();
  const express = openExpress(ofExpress);
  const nativeIds = await storeNative(native, amount);
  const expressIds = await storeJson(raw, ofExpress, amount);
  return [
    {
      name: "ioredis, GET and SET, JSON.parse and stringify",
      async run() {
        const key = ofRaw + rotation.next();
        const session = parseJson(await raw.get(key));
        session.n += 1;
        return raw.set(key, JSON.stringify(session), "EX", ttlSeconds);
      },
      verify: (operations) => expectTotal("ioredis", totalOfJson(raw, ofRaw, ids), operations),
    },
    saveRow("Session, native format: open, set, save", native, nativeIds),
    saveRow("Session, format of express-session: open, set, save", express, expressIds),
    updateRow("sessions.update, native format", native, await storeNative(native, amount)),
  ];
}

function saveRow(name: string, manager: SessionManager<Attributes>, ids: readonly string[]): Row {
  return onManager(name, manager, ids, async (id) => {
    const session = await manager.open(id, { keepAlive: false });
    session?.set("n", countOf(session.get("n")) + 1);
    await session?.save();
    return session;
  });
}

function updateRow(name: string, manager: SessionManager<Attributes>, ids: readonly string[]): Row {
  return onManager(name, manager, ids, async (id) => {
    await manager.update(id, (draft) => draft.update("n", (n) => countOf(n) + 1));
    return true;
  });
}

function onManager(
  name: string,
  manager: SessionManager<Attributes>,
  ids: readonly string[],
  change: (id: string) => Promise<unknown>,
): Row {
  const rotation = new Rotation(ids);
  return {
    name,
    setUp: () => forEachOf([...ids, ...ids], (id) => manager.open(id, { keepAlive: false })), // its result is remembered
    run: () => change(rotation.next()),
    verify: (operations) => expectTotal(name, totalOfManager(manager, ids), operations),
  };
}
