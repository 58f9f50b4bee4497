import { startFaultProxy, type FaultProxy as TcpProxy } from "sessionwire/testing";

/** A proxy before a Redis server, with words for what these tests do most. */
export interface FaultProxy extends TcpProxy {
  readonly url: string;
  /** Latency per direction. @defaultValue 0 */
  delayMs: number;
  /** While on, requests reach the server and replies are swallowed, on existing and new connections. */
  dropReplies(on: boolean): void;
}

export async function startProxy(target: { readonly port: number; readonly host?: string }): Promise<FaultProxy> {
  const proxy = await startFaultProxy(target);
  const { requests, replies } = proxy;
  const words = {
    url: `redis://127.0.0.1:${proxy.port}`,
    get delayMs() {
      return requests.delayMs;
    },
    set delayMs(ms) {
      requests.delayMs = ms;
      replies.delayMs = ms;
    },
    dropReplies(on: boolean) {
      replies.lost = on;
    },
  };
  // Not a copy: the proxy counts what goes through it.
  return Object.defineProperties(proxy, Object.getOwnPropertyDescriptors(words)) as FaultProxy;
}
