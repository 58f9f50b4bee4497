import { isSessionError, type NetworkedSessionHandler } from "sessionwire";
import type { VirtualClock } from "../../virtual-clock.ts";
import { holds } from "../contract.ts";

export type Method = "read" | "write" | "touch" | "destroy";

/** The outcome of a call: its answer, or the error that it rejects with. */
export type Ending = { readonly result: unknown } | { readonly error: unknown };

/** A call that was made on a check, as the witness knows it. */
export interface WatchedCall {
  readonly words: string;
  readonly method: Method;
  readonly args: readonly unknown[];
  readonly isAborted: boolean;
  /** The state when it was made: whether a check was due, and the number of checks that had succeeded. */
  readonly wasDue: boolean;
  readonly checksBefore: number;
  /** `sent` is true if it was passed on; `inner` is its outcome in the inner handler. */
  sent: boolean;
  inner: Ending | undefined;
}

/** Reports, in words, how a law was broken. */
export type Complain = (law: number, isBroken: boolean, says: string) => void;

/** Stands between a check and the network, and knows at each moment what the laws allow. */
export interface Witness {
  /** The handler for the check to wrap. */
  readonly handler: NetworkedSessionHandler;
  /** `true` while a ping or a reconnection is under way. */
  readonly isChecking: boolean;
  /** The numbers of checks that have succeeded and that have failed. */
  readonly checks: number;
  readonly failures: number;
  /** Returns true if the next call must be preceded by a check. */
  isDue(): boolean;
  readonly complain: Complain;
  /** Set when the check is about to be closed: from then on nothing may be sent. */
  isClosed: boolean;
  /** Throws the first complaint, if there is one. */
  examine(): void;
}

interface Moment {
  readonly now: number;
  readonly monotonic: number;
}

/** `calls` contains the calls made on the check, by their ids. */
export function createWitness(
  inner: NetworkedSessionHandler,
  clock: VirtualClock,
  limitMs: number,
  calls: ReadonlyMap<string, WatchedCall>,
): Witness {
  let lastSign: Moment | undefined;
  let isSuspected = false;
  let generation = 0;
  let checking: "ping" | "reconnect" | undefined;
  let lastCheck: { readonly kind: "ping" | "reconnect"; readonly succeeded: boolean } | undefined;
  const complaints: { readonly law: number; readonly says: string }[] = [];
  const now = (): Moment => ({ now: clock.now(), monotonic: clock.monotonic() });

  const handler: NetworkedSessionHandler = {
    ...inner,
    read: (id, options) => operation("read", [id, options], () => inner.read(id, options)),
    write: (id, data, options) => operation("write", [id, data, options], () => inner.write(id, data, options)),
    touch: (id, ttl, options) => operation("touch", [id, ttl, options], () => inner.touch(id, ttl, options)),
    destroy: (id, options) => operation("destroy", [id, options], () => inner.destroy(id, options)),
    ping: (options) => {
      complain(46, !witness.isDue(), "A ping was not due");
      return check("ping", options?.signal, () => inner.ping(options));
    },
    reconnect: (options) => {
      const isAfterFailedPing = lastCheck?.kind === "ping" && !lastCheck.succeeded;
      const law = lastCheck?.kind === "reconnect" ? 51 : 52;
      complain(law, !isAfterFailedPing, "A reconnection came without a failed ping");
      return check("reconnect", options?.signal, () => inner.reconnect(options));
    },
  };

  const witness = {
    handler,
    checks: 0,
    failures: 0,
    complain,
    get isChecking() {
      return checking !== undefined;
    },
    isDue: () => isSuspected || idleBy() !== "neither",
    isClosed: false,
    examine() {
      for (const { law, says } of complaints) holds(law, false, says);
    },
  };
  return witness;

  async function operation<T>(method: Method, args: readonly [id: string, ...unknown[]], run: () => Promise<T>) {
    const call = calls.get(args[0]);
    complain(69, witness.isClosed, `${method} was passed on after the close`);
    if (call === undefined) {
      complain(57, true, `${method} was passed on with another id`);
      return run();
    }
    complain(54, call.sent, `${call.words} was passed on twice`);
    complain(57, !isSame(call, method, args), `${call.words} was passed on with changes`);
    complain(66, call.isAborted, `${call.words} was sent after it had been aborted`);
    complain(55, checking === "reconnect", `${call.words} was sent during a reconnection`);
    complain(lawOfIdleness(), idleBy() !== "neither", `${call.words} was sent on an idle connection`);
    const wasUnchecked = call.wasDue && call.checksBefore === witness.checks;
    complain(hasFailed() ? 48 : 61, wasUnchecked, `${call.words} was sent without a successful check`);
    call.sent = true;
    lastSign ??= now(); // of a connection that is being opened
    return observe(generation, call, run);
  }

  async function check(
    kind: "ping" | "reconnect",
    signal: AbortSignal | undefined,
    run: () => Promise<void>,
  ): Promise<void> {
    complain(69, witness.isClosed, `A ${kind} came after the close`);
    complain(50, checking !== undefined, `A ${kind} came during a ${checking}`);
    checking = kind;
    const before = generation;
    let isOver = false;
    const end = (succeeded: boolean) => {
      if (isOver) return;
      isOver = true;
      checking = undefined;
      lastCheck = { kind, succeeded };
      if (!succeeded) {
        isSuspected = true;
        witness.failures += 1;
      } else if (before === generation) {
        if (kind === "reconnect") generation += 1;
        witness.checks += 1;
        sign();
      }
    };
    // A ping or a reconnection that takes too long is given up, and its late result does not count.
    signal?.addEventListener("abort", () => end(false));
    try {
      await run();
      end(true);
    } catch (error) {
      end(false);
      throw error;
    }
  }

  async function observe<T>(sentOn: number, call: WatchedCall, run: () => Promise<T>): Promise<T> {
    try {
      const result = await run();
      call.inner = { result };
      if (sentOn === generation) sign();
      return result;
    } catch (error) {
      call.inner = { error };
      if (sentOn === generation && !(isSessionError(error) && error.code === "aborted")) isSuspected = true;
      throw error;
    }
  }

  function sign(): void {
    lastSign = now();
    isSuspected = false;
  }

  /** Returns the clocks by which the connection has been idle long enough. */
  function idleBy(): "neither" | "both" | "monotonic" | "wall" {
    if (lastSign === undefined) return "neither";
    const isByMonotonic = clock.monotonic() - lastSign.monotonic >= limitMs;
    const isByWall = clock.now() - lastSign.now >= limitMs;
    if (isByMonotonic) return isByWall ? "both" : "monotonic";
    return isByWall ? "wall" : "neither";
  }

  function hasFailed(): boolean {
    return lastCheck?.succeeded === false;
  }

  function lawOfIdleness(): number {
    if (hasFailed()) return 48;
    return { neither: 45, both: 45, monotonic: 64, wall: 65 }[idleBy()];
  }

  function complain(law: number, isBroken: boolean, says: string): void {
    if (isBroken) complaints.push({ law, says: `${says}, at ${clock.monotonic()} ms` });
  }
}

/**
 * Returns true if two calls are the same. The options may be another object, with another signal that follows the
 * original one.
 */
function isSame(call: WatchedCall, method: Method, args: readonly unknown[]): boolean {
  return method === call.method && call.args.every((given, place) => isSameArgument(given, args[place]));
}

function isSameArgument(given: unknown, passed: unknown): boolean {
  if (given instanceof AbortSignal) return passed instanceof AbortSignal;
  if (given instanceof Uint8Array) return passed instanceof Uint8Array && String(passed) === String(given);
  if (typeof given !== "object" || given === null) return passed === given;
  const found = Object(passed) as Record<string, unknown>;
  return Object.entries(given).every(([name, each]) => isSameArgument(each, found[name]));
}
