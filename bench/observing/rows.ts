import { type SessionHandler, type SessionObserver, withObserver } from "sessionwire";
import { decorateHandler } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import type { Row } from "../tools/slices.ts";

const reads = 1000;

/** Returns the rows of a handler with and without observers, the bare one first. All of them read one session. */
export async function rowsOfObservers(): Promise<Row[]> {
  const memory = createMemoryHandler();
  await memory.write("a", new Uint8Array(1024), { replaces: undefined, ttlSeconds: 86_400 });
  const unheard: SessionObserver = { isListening: false, begin: () => undefined };
  const idle: SessionObserver = { begin: () => ({ answered() {}, failed() {} }) };
  const handlers: Readonly<Record<string, SessionHandler>> = {
    "the bare handler": memory,
    "withObserver, nobody listens": withObserver(memory, unheard),
    "a decorator without hooks": decorateHandler(memory, {}),
    "withObserver, does nothing": withObserver(memory, idle),
  };
  return Object.entries(handlers).map(([name, handler]) => ({
    name,
    operationsPerRun: reads,
    run: () => readAll(handler),
  }));
}

/** Resolves to `true` if every read has found the session. */
async function readAll(handler: SessionHandler): Promise<boolean> {
  let found = 0;
  for (let count = 0; count < reads; count += 1) if (await handler.read("a")) found += 1;
  return found === reads;
}
