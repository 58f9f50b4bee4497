import { checkMethods, checkOptionNames } from "../backend/checks.ts";
import { createKeyHash } from "../channel/key-hash.ts";
import type { SessionHandler } from "../handler.ts";
import { type Decorated, decorateWith } from "./decorate.ts";
import { HookedOperations } from "./hooked-operations.ts";
import { logError, Observation, type SessionObserver } from "./observation.ts";
import { type ObservedCall, PassedOnCall } from "./observed-call.ts";

/**
 * The options of {@link withObserver}.
 *
 * @public
 */
export interface ObserverOptions {
  /**
   * The secret of the hashes that name sessions, the same as that of the manager's channel. Without one, the hash is
   * that of a manager without a channel: nobody can compute an id from it, but whoever has an id can recognise it.
   */
  readonly secret?: string | Uint8Array | undefined;
  /**
   * Called with an error that the observer throws, which never reaches the call.
   *
   * @defaultValue `console.error`
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Shows an observer each call that reaches the store: operations, and the pings and reconnections of a connection check
 * around it.
 *
 * @remarks
 * Put it inside `withConnectionCheck` to see what reaches the store, and around it to see what callers wait for.
 *
 * An observer sees the kind of each call and how it ended, and a hash instead of the id. It changes neither call nor
 * answer. While its `isListening` is `false`, operations go to the handler inside directly.
 *
 * @throws `TypeError` for an invalid observer or option.
 *
 * @public
 */
export function withObserver<H extends SessionHandler>(
  handler: H,
  observer: SessionObserver,
  options: ObserverOptions = {},
): Decorated<H> {
  checkOptionNames("withObserver", options, ["secret", "onError"]);
  checkMethods("The observer", observer, ["begin"]);
  const { secret, onError = logError } = options;
  if (typeof onError !== "function") throw new TypeError("onError must be a function.");
  const hashOf = createKeyHash(secret);
  const observation = new Observation(observer, onError);
  const callOf = (kind: ObservedCall["kind"], id?: string, connection?: string) =>
    new PassedOnCall(kind, id, connection, hashOf);
  const observed = decorateWith(
    handler,
    {
      ping: (next, { connection }) => observation.watch(callOf("ping", undefined, connection), next),
      reconnect: (next, { connection }) => observation.watch(callOf("reconnect", undefined, connection), next),
    },
    () => {
      const operations = new HookedOperations({}, undefined);
      return {
        run: (operation, ask) =>
          operations.run(operation, (passed, data) =>
            observation.watch(callOf(operation.kind, operation.id), () => ask(passed, data)),
          ),
        close: () => operations.close(),
      };
    },
  );
  return directlyIfUnheard(handler, observed, observation);
}

/** Lets the handler inside answer by itself while nobody listens: it keeps the guarantees of every handler. */
function directlyIfUnheard<H extends SessionHandler>(
  inner: H,
  observed: Decorated<H>,
  observation: Observation,
): Decorated<H> {
  return {
    ...observed,
    read: (id, options) => (observation.isHeard ? observed : inner).read(id, options),
    write: (id, data, options) => (observation.isHeard ? observed : inner).write(id, data, options),
    touch: (id, ttlSeconds, options) => (observation.isHeard ? observed : inner).touch(id, ttlSeconds, options),
    destroy: (id, options) => (observation.isHeard ? observed : inner).destroy(id, options),
  };
}
