import type { SessionHandler } from "sessionwire";

/** Something that happens to a store or to the way there. It has ended, and is repaired, when it resolves. */
export type Fault = () => Promise<unknown>;

/** A store that callers use while it is disturbed. */
export interface Stage {
  /** A handler with connections of its own, as another process has. */
  open(): SessionHandler;
  readonly faults: Readonly<Record<string, Fault>>;
  /**
   * How often the store has lost all that it had, as Memcached does when it ends. It grows before that, and once more when all is
   * lost and nothing has been stored since.
   */
  readonly losses?: number;
  /** Whether the store may lose the last of what it has acknowledged: when a master dies before its replica has received it. */
  readonly mayForget?: boolean;
  /** Connections that are left open. */
  connections(): number;
  stop(): Promise<void>;
}

/** The times within which the callers of all stores get their answers. */
export const limits = {
  timeoutMs: 500,
  check: { everySeconds: 1, pingTimeoutMs: 300, reconnectTimeoutMs: 700 },
  /** Ping, reconnection and operation, and a busy machine. */
  worstMs: 300 + 700 + 500 + 500,
};

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
