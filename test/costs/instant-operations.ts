import type * as core from "sessionwire";
import type * as backend from "sessionwire/backend";
import type { MeasuredOperation } from "./measure.ts";

export type CoreParts = Pick<
  typeof core,
  "withConnectionCheck" | "withHashedKeys" | "withObserver" | "withRetry" | "withTimeout"
> &
  Pick<typeof backend, "createGuardedHandler" | "decorateHandler">;

const ttlSeconds = 1800;
const version = "1" as core.Version;
const stored: core.StoredSession = { data: new Uint8Array(1024), version };

/** Operations on a store that answers on the spot: what is left is the price of the package itself. */
export function instantOperations(parts: CoreParts): MeasuredOperation[] {
  const {
    createGuardedHandler,
    decorateHandler,
    withConnectionCheck,
    withObserver,
    withTimeout,
    withRetry,
    withHashedKeys,
  } = parts;
  const guarded = () => createGuardedHandler(instantBackend, { name: "The store" });
  const instant = { ...guarded(), ...instantHandler };
  return [
    ...operationsOf("guarded", guarded()),
    ...operationsOf("no hook", decorateHandler(instant, {})),
    ...operationsOf("empty hook", decorateHandler(instant, { operation: (_, next) => next() })),
    ...operationsOf("unheard", withObserver(instant, { isListening: false, begin: () => undefined })),
    ...operationsOf("observed", withObserver(instant, { begin: () => ({ answered() {}, failed() {} }) })),
    ...operationsOf("check", withConnectionCheck(instant)),
    ...operationsOf("timeout", withTimeout(instant)),
    ...operationsOf("timeout(check(guarded))", withTimeout(withConnectionCheck(guarded()))),
    ...operationsOf(
      "timeout(retry(hashed(check(guarded))))",
      withTimeout(withRetry(withHashedKeys(withConnectionCheck(guarded())))),
    ),
  ];
}

function operationsOf(name: string, handler: core.SessionHandler): MeasuredOperation[] {
  const { data } = stored;
  return [
    { name: `instant ${name}.read`, run: () => handler.read("a") },
    { name: `instant ${name}.write`, run: () => handler.write("a", data, { replaces: version, ttlSeconds }) },
    { name: `instant ${name}.touch`, run: () => handler.touch("a", ttlSeconds) },
    { name: `instant ${name}.destroy`, run: () => handler.destroy("a") },
  ];
}

const instantBackend: backend.NetworkedSessionBackend = {
  read: () => stored,
  write: () => ({ written: true, version }),
  touch: () => true,
  destroy: () => ({ destroyed: true }),
  ping() {},
  reconnect() {},
  close() {},
};

/** Its promises have been made before anybody counts. */
const answers = {
  read: Promise.resolve(stored),
  write: Promise.resolve({ written: true, version } as const),
  touch: Promise.resolve(true),
  destroy: Promise.resolve({ destroyed: true } as const),
};

const instantHandler: Pick<core.SessionHandler, keyof typeof answers> = {
  read: () => answers.read,
  write: () => answers.write,
  touch: () => answers.touch,
  destroy: () => answers.destroy,
};
