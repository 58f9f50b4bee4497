import { SessionError, type SessionHandler } from "sessionwire";
import { createReferenceHandler, type VirtualClock } from "sessionwire/testing";

/** A store in which another process ends all sessions, or that fails. */
export function openStore(clock: VirtualClock) {
  const store = createReferenceHandler({ clock });
  const keys = new Set<string>();
  let hasFailed = false;
  const handler: SessionHandler = {
    ...store,
    read: (key, options) =>
      hasFailed ? Promise.reject(new SessionError("unavailable", "It fails.")) : store.read(key, options),
    write(key, data, options) {
      keys.add(key);
      return store.write(key, data, options);
    },
  };
  return {
    handler,
    endElsewhere: () => Promise.all([...keys].map((key) => store.destroy(key))),
    fail() {
      hasFailed = true;
    },
  };
}
