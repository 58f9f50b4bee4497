import type { SessionManager } from "sessionwire";
import type { Attributes } from "../tools/content.ts";
import { forEachOf, Rotation } from "../tools/rotation.ts";
import type { Row } from "../tools/slices.ts";
import type { Connections } from "./connections.ts";
import { type Amount, countOf, parseJson, storeJson, storeNative } from "./stored.ts";

/** Opens sessions and reads an attribute. The rows of a format read the same sessions, in turn. */
export async function openRows({ raw, openNative, openExpress }: Connections, amount: Amount): Promise<Row[]> {
  const prefix = `open-${amount.bytes}:`;
  const ids = await storeJson(raw, prefix, amount);
  const nativeIds = await storeNative(openNative(), amount);
  const rotation = new Rotation(ids);
  return [
    {
      name: "ioredis, GET and JSON.parse",
      run: async () => isCounted(parseJson(await raw.get(prefix + rotation.next())).n),
    },
    seenAgain("Session, native format, seen again", openNative, nativeIds),
    seenAgain("Session, format of express-session, seen again", () => openExpress(prefix), ids),
    firstSeen("Session, native format, first seen", openNative, nativeIds),
    firstSeen("Session, format of express-session, first seen", () => openExpress(prefix), ids),
  ];
}

/** The same manager has opened every session twice before, and no session has changed since. */
function seenAgain(name: string, openManager: () => SessionManager<Attributes>, ids: readonly string[]): Row {
  const rotation = new Rotation(ids);
  const manager = openManager();
  return {
    name,
    setUp: () => forEachOf([...ids, ...ids], (id) => open(manager, id)),
    run: () => open(manager, rotation.next()),
  };
}

/**
 * Each slice has a manager that has not seen any of the sessions. It must not have more runs than there are sessions.
 */
function firstSeen(name: string, openManager: () => SessionManager<Attributes>, ids: readonly string[]): Row {
  let rotation = new Rotation(ids);
  let manager = openManager();
  return {
    name,
    prepare() {
      rotation = new Rotation(ids);
      manager = openManager();
    },
    run: () => open(manager, rotation.next()),
  };
}

async function open(manager: SessionManager<Attributes>, id: string): Promise<boolean> {
  return isCounted((await manager.open(id, { keepAlive: false }))?.get("n"));
}

function isCounted(count: unknown): boolean {
  return countOf(count) === 0;
}
