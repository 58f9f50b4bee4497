import {
  isSessionError,
  type NetworkedSessionHandler,
  type SessionChannel,
  type SessionHandler,
  withConnectionCheck,
} from "sessionwire";
import { createRedisChannel } from "sessionwire/redis";
import { createSessionHandler, type SessionHandlerOfUrl } from "sessionwire/url";
import { explain, Mistake } from "../explain.ts";
import { putProxyBefore } from "../redis-address.ts";
import { ConnectionLog } from "./connection-log.ts";
import type { Settings } from "./settings.ts";
import { SilenceTrial } from "./silence-trial.ts";

/** Where the sessions are kept, and what stands before it. */
export interface Backend {
  readonly description: string;
  /** From the session manager to the store. */
  readonly layers: readonly string[];
  /** Belongs to the session manager, which closes it. */
  readonly handler: SessionHandler;
  /** To the other processes, if there are several. Belongs to the session manager as well. */
  readonly channel: SessionChannel | undefined;
  /** Absent where there is no connection. */
  readonly log: ConnectionLog | undefined;
  /** A connection that has been idle for so long is checked before it is used. */
  readonly checkEverySeconds: number;
  /** Absent where there is no connection, or where people depend on it. */
  readonly trial: SilenceTrial | undefined;
  /** Whether sessions outlive this process. */
  readonly isLasting: boolean;
}

/** Opens what `SESSION_STORE` names: any URL of `createSessionHandler`. */
export async function openBackend(settings: Settings): Promise<Backend> {
  const { storeAddress, isProduction } = settings;
  const handler = await open(storeAddress);
  if (!isNetworked(handler)) return inMemory(handler);
  const name = describe(storeAddress);
  await checkReachable(name, handler);
  if (isProduction || !storeAddress.startsWith("redis://"))
    return connected({ name, handler, channel: openChannel(settings, storeAddress), trial: undefined });
  await handler.close();
  const { proxy, url: proxied } = await putProxyBefore(new URL(storeAddress));
  const throughProxy = await createSessionHandler(proxied);
  if (!isNetworked(throughProxy)) throw new Mistake("What leads to Redis has a connection.");
  const channel = openChannel(settings, proxied);
  return connected({ name, handler: throughProxy, channel, trial: new SilenceTrial(proxy, proxied) });
}

function openChannel({ processes }: Settings, address: string): SessionChannel | undefined {
  return processes > 1 ? createRedisChannel(address, { everySeconds: 5 }) : undefined;
}

async function open(address: string): Promise<SessionHandlerOfUrl> {
  try {
    return await createSessionHandler(address);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError)
      throw new Mistake(`SESSION_STORE cannot be used: ${error.message}`);
    throw error;
  }
}

function isNetworked(handler: SessionHandlerOfUrl): handler is SessionHandlerOfUrl & NetworkedSessionHandler {
  return "ping" in handler && "reconnect" in handler;
}

/** Says in one sentence when nobody answers there, before anything depends on it. */
async function checkReachable(name: string, handler: NetworkedSessionHandler): Promise<void> {
  try {
    await handler.ping();
  } catch (error) {
    await handler.close();
    if (!isSessionError(error)) throw error;
    throw new Mistake(`${name} cannot be reached: ${explain(error)}`);
  }
}

function inMemory(handler: SessionHandler): Backend {
  const description = "the memory of this process";
  return {
    description,
    layers: ["createMemoryHandler"],
    handler,
    channel: undefined,
    log: undefined,
    checkEverySeconds: Infinity,
    trial: undefined,
    isLasting: false,
  };
}

interface Connected extends Pick<Backend, "channel" | "trial"> {
  readonly name: string;
  readonly handler: NetworkedSessionHandler;
}

function connected({ name, handler, channel, trial }: Connected): Backend {
  const log = new ConnectionLog();
  // Firewalls forget what is idle for minutes. The trial begins at any moment, so each use is checked there.
  const everySeconds = trial ? 0 : 20;
  return {
    description: name,
    layers: [
      `withConnectionCheck (${trial ? "before each use" : `every ${everySeconds} s`})`,
      `createSessionHandler (${name})`,
      ...(trial ? ["a proxy that can fall silent"] : []),
    ],
    handler: withConnectionCheck(log.watch(handler), { everySeconds }),
    channel,
    log,
    checkEverySeconds: everySeconds,
    trial,
    isLasting: true,
  };
}

/** Scheme and hosts, without the credentials and options that a URL may have. */
function describe(address: string): string {
  const [, scheme = "", hosts = ""] = /^([^:]+):\/\/(?:[^@/]*@)?([^/?]*)/.exec(address) ?? [];
  return `${scheme} at ${hosts}`;
}
