import assert from "node:assert/strict";
import type { NetworkedSessionHandler, SessionHandler, StoredSession, Version } from "sessionwire";
import { type FaultProxy, startFaultProxy } from "../../fault-proxy.ts";
import { bytes, type Law, text } from "../law.ts";
import type { NetworkedHandlerOptions, NetworkedHarness, NetworkedServer } from "./harness.ts";

export type NetworkedLaw = Law<NetworkedFixture>;

/** A server with a proxy in front of it, and handlers on either way to it, which are closed with it. */
export interface NetworkedFixture extends AsyncDisposable {
  readonly server: NetworkedServer;
  readonly proxy: FaultProxy;
  /** A handler that reaches the server without the proxy. */
  readonly direct: NetworkedSessionHandler;
  /**
   * Creates a handler that reaches the server through the proxy. Unless it is given a deadline, its own is longer than
   * a case.
   */
  open(options?: Partial<NetworkedHandlerOptions>): CountedHandler;
  /** Creates a handler for another port. */
  openAt(port: number, options?: Partial<NetworkedHandlerOptions>): CountedHandler;
}

/** A handler that counts the pings and reconnections of a connection check. */
export type CountedHandler = NetworkedSessionHandler & { readonly asked: { pings: number; reconnects: number } };

/** A deadline longer than a case may take, in ms, so that it never settles a call. */
export const patientMs = 60_000;

/** Time in ms that a busy machine may add to a deadline. */
export const slackMs = 250;

export const ttlSeconds = 60;

export async function openFixture({ startServer, create }: NetworkedHarness): Promise<NetworkedFixture> {
  const server = await startServer();
  const proxy = await startFaultProxy({ port: server.port });
  const opened: SessionHandler[] = [];
  const openAt: NetworkedFixture["openAt"] = (port, options) => {
    const handler = counted(create(port, { timeoutMs: patientMs, ...options }));
    opened.push(handler);
    return handler;
  };
  return {
    server,
    proxy,
    direct: openAt(server.port),
    open: (options) => openAt(proxy.port, options),
    openAt,
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((handler) => handler.close()));
      await proxy.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

function counted(handler: NetworkedSessionHandler): CountedHandler {
  const asked = { pings: 0, reconnects: 0 };
  const { ping, reconnect } = handler;
  return Object.assign(handler, {
    asked,
    ping: (...args: Parameters<typeof ping>) => {
      asked.pings += 1;
      return ping.apply(handler, args);
    },
    reconnect: (...args: Parameters<typeof reconnect>) => {
      asked.reconnects += 1;
      return reconnect.apply(handler, args);
    },
  });
}

/** Creates a session for a case to work on. */
export async function createSession(
  handler: SessionHandler,
): Promise<{ readonly id: string; readonly version: Version }> {
  const id = crypto.randomUUID();
  const result = await handler.write(id, bytes("first"), { replaces: undefined, ttlSeconds });
  assert.ok(result.written, "a session exists under a fresh id");
  return { id, version: result.version };
}

export async function textAt(handler: SessionHandler, id: string): Promise<string | undefined> {
  return textOf(await handler.read(id));
}

export function textOf(session: StoredSession | undefined): string | undefined {
  return text(session?.data);
}

interface NamedOperation {
  readonly name: string;
  /** `true` if its rejection has an outcome. */
  readonly changes: boolean;
  run(handler: SessionHandler, signal?: AbortSignal): Promise<unknown>;
}

/** Returns every operation on one session. */
export function operationsOn(id: string, replaces: Version | undefined): readonly NamedOperation[] {
  return [
    { name: "read", changes: false, run: (handler, signal) => handler.read(id, { signal }) },
    { name: "read and touch", changes: false, run: (handler, signal) => handler.read(id, { ttlSeconds, signal }) },
    ...changesOf(id, replaces),
  ];
}

/** Returns every change of one session. */
export function changesOf(id: string, replaces: Version | undefined): readonly NamedOperation[] {
  return [
    { name: "touch", changes: true, run: (handler, signal) => handler.touch(id, ttlSeconds, { signal }) },
    {
      name: "write",
      changes: true,
      run: (handler, signal) => handler.write(id, bytes("second"), { replaces, ttlSeconds, signal }),
    },
    { name: "destroy if", changes: true, run: (handler, signal) => handler.destroy(id, { replaces, signal }) },
    { name: "destroy", changes: true, run: (handler, signal) => handler.destroy(id, { signal }) },
  ];
}

/** Makes a change once, so that the server knows its script, if it has one. */
export async function tryOut(handler: SessionHandler, name: string): Promise<void> {
  const { id, version } = await createSession(handler);
  await changeOf(name, id, version)(handler);
}

export function changeOf(name: string, id: string, replaces: Version | undefined): NamedOperation["run"] {
  const change = changesOf(id, replaces).find((candidate) => candidate.name === name);
  assert.ok(change);
  return change.run;
}
