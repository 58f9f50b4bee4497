import type { NetworkedSessionHandler, SessionHandler } from "sessionwire";

/** A handler that counts how often a write was refused because somebody else was faster. */
export function countConflicts<Handler extends SessionHandler | NetworkedSessionHandler>(
  handler: Handler,
): Handler & { readonly conflicts: () => number } {
  let conflicts = 0;
  const { write } = handler;
  return Object.assign(handler, {
    conflicts: () => conflicts,
    async write(...call: Parameters<typeof write>) {
      const result = await write.apply(handler, call);
      if (!result.written) conflicts += 1;
      return result;
    },
  });
}
