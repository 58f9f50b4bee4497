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

/** The store of the sessions, and the decorators in front of it. */
export interface Backend {
  readonly description: string;
  /** The names of the layers, from the session manager to the store. */
  readonly layers: readonly string[];
  /** The handler, which belongs to the session manager and is closed by it. */
  readonly handler: SessionHandler;
  /** The channel to the other processes, if there are several. It also belongs to the session manager. */
  readonly channel: SessionChannel | undefined;
  /** The log of the connection check; absent without a connection. */
  readonly log: ConnectionLog | undefined;
  /** Idle time in seconds after which a connection is checked before use. */
  readonly checkEverySeconds: number;
  /** The proxy for the trial of silence; absent without a connection, and in production. */
  readonly trial: SilenceTrial | undefined;
  /** `true` if sessions outlive this process. */
  readonly isLasting: boolean;
}

/** Opens the store that `SESSION_STORE` names: any URL of `createSessionHandler`. */
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
  if (!isNetworked(throughProxy)) throw new Mistake("A Redis handler has a connection.");
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

/** Reports in one sentence that the store does not answer, before anything depends on it. */
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
  // Firewalls forget connections that are idle for minutes. The trial may begin at any moment, so it checks before each
  // use.
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

/** Returns scheme and hosts, without the credentials and options that a URL may contain. */
function describe(address: string): string {
  const [, scheme = "", hosts = ""] = /^([^:]+):\/\/(?:[^@/]*@)?([^/?]*)/.exec(address) ?? [];
  return `${scheme} at ${hosts}`;
}
