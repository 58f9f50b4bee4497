import session, { MemoryStore, type Store } from "express-session";
import type { SessionHandler, StoredSession } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { countOf } from "../sessions/stored.ts";
import { jsonOf, kilobyte, type StoredJson, ttlSeconds } from "../tools/content.ts";
import { loadPeer } from "../tools/peers.ts";

/** A store in memory, with each session in the form that it accepts. */
export interface WorkStore<Found = unknown> {
  create(id: string, user: number): Promise<unknown>;
  read(id: string): Promise<Found | undefined>;
  /** Writes back a session that was read, with a change. */
  write(id: string, found: Found): Promise<boolean>;
}

export async function openStore(variant: string): Promise<WorkStore> {
  if (variant === "map") return onMap() as WorkStore;
  if (variant === "handler") return onHandler(createMemoryHandler()) as WorkStore;
  return onStore(await openExpressStore(variant)) as WorkStore;
}

async function openExpressStore(variant: string): Promise<Store> {
  if (variant === "MemoryStore") return new MemoryStore();
  if (variant === "store") return createExpressStore(createMemoryHandler());
  type Create = (session: unknown) => new (options: object) => Store;
  const { default: create } = await loadPeer<{ default: Create }>("memorystore");
  return new (create(session))({ checkPeriod: 86_400_000 });
}

/** Texts that alternate: the store is measured, and not JSON. */
const texts = Array.from({ length: 64 }, (_, user) => new TextEncoder().encode(jsonOf(user, kilobyte)));

function bytesOf(user: number): Uint8Array {
  return texts[user % texts.length] as Uint8Array; // there are as many
}

function onMap(): WorkStore<Uint8Array> {
  const map = new Map<string, Uint8Array>();
  return {
    create: async (id, user) => map.set(id, bytesOf(user).slice()),
    read: async (id) => map.get(id)?.slice(),
    write: async (id, found) => map.set(id, bytesOf(found.length + 1).slice()) === map,
  };
}

function onHandler(handler: SessionHandler): WorkStore<StoredSession> {
  let writes = 0;
  return {
    create: (id, user) => handler.write(id, bytesOf(user), { replaces: undefined, ttlSeconds }),
    read: (id) => handler.read(id),
    async write(id, found) {
      writes += 1;
      // Two callers may have read the same session: the second one has also done its work.
      await handler.write(id, bytesOf(writes), { replaces: found.version, ttlSeconds });
      return true;
    },
  };
}

function onStore(store: Store): WorkStore<StoredJson> {
  const stored = texts.map((bytes) => new TextDecoder().decode(bytes));
  const set = (id: string, content: unknown) =>
    new Promise<boolean>((resolve, reject) =>
      store.set(id, content as session.SessionData, (error) => (error ? reject(error) : resolve(true))),
    );
  return {
    create: (id, user) => set(id, JSON.parse(stored[user % stored.length] ?? "")),
    read: (id) =>
      new Promise((resolve, reject) =>
        store.get(id, (error, found) => (error ? reject(error) : resolve(found as unknown as StoredJson))),
      ),
    write(id, found) {
      found.n = countOf(found.n) + 1;
      return set(id, found);
    },
  };
}
