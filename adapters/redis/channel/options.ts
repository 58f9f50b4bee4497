import { type Clock, systemClock } from "sessionwire";
import { checkClock, checkCount, checkOptionNames, MAX_DELAY_MS } from "sessionwire/backend";

/**
 * The options for checking the connections of a channel, which work like those of `withConnectionCheck`.
 *
 * @public
 */
export interface RedisChannelChecks {
  /**
   * Idle time in seconds after which a silent connection is checked; a number above 0.
   *
   * @defaultValue 20
   */
  readonly everySeconds?: number | undefined;
  /**
   * The time limit for the reply to a check or a message, in ms.
   *
   * @defaultValue 1000
   */
  readonly pingTimeoutMs?: number | undefined;
  /**
   * The time limit for opening a new connection, in ms.
   *
   * @defaultValue 3000
   */
  readonly reconnectTimeoutMs?: number | undefined;
  /**
   * The source of time.
   *
   * @defaultValue {@link systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * The options of {@link createRedisChannel}.
 *
 * @public
 */
export interface RedisChannelOptions extends RedisChannelChecks {
  /**
   * The name of the channel on the server, the same for all processes of an application. It is not tied to a database:
   * applications that share a server and a name receive each other's messages, which costs time and does no harm.
   *
   * @defaultValue `"sessionwire"`
   */
  readonly name?: string | undefined;
  /** The key under which messages name sessions, the same for all processes: see {@link SessionChannel.secret}. */
  readonly secret?: string | Uint8Array | undefined;
}

/** The checks with their defaults. */
export interface Checks {
  readonly everyMs: number;
  readonly pingTimeoutMs: number;
  readonly reconnectTimeoutMs: number;
  readonly clock: Clock;
}

const names = ["everySeconds", "pingTimeoutMs", "reconnectTimeoutMs", "clock"];

export function checksOf(of: string, options: RedisChannelChecks, others: readonly string[]): Checks {
  checkOptionNames(of, options, [...names, ...others]);
  const { everySeconds = 20, pingTimeoutMs = 1000, reconnectTimeoutMs = 3000, clock = systemClock } = options;
  checkClock(clock);
  checkCount("pingTimeoutMs", pingTimeoutMs, 1, MAX_DELAY_MS);
  checkCount("reconnectTimeoutMs", reconnectTimeoutMs, 1, MAX_DELAY_MS);
  const everyMs = everySeconds * 1000;
  if (!(typeof everySeconds === "number" && everyMs > 0 && everyMs <= MAX_DELAY_MS)) {
    throw new RangeError(`everySeconds must be a number above 0, up to ${Math.floor(MAX_DELAY_MS / 1000)}.`);
  }
  return { everyMs, pingTimeoutMs, reconnectTimeoutMs, clock };
}

export function checkText(name: string, value: unknown): void {
  if (typeof value === "string" && value !== "") return;
  throw new TypeError(`${name} must be a non-empty string.`);
}
