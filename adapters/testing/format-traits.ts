import type { SessionFormat } from "sessionwire/backend";

/** Returns true if sessions in a format can end a fixed time after their creation. */
export function knowsLifetime({ defaults }: SessionFormat): boolean {
  return defaults.lifetimeSeconds !== undefined;
}

/** Returns true if a message reads back with an id that does not follow from its content. */
export function keepsMessageIds(format: SessionFormat): boolean {
  const { id } = format.flashEntry("another");
  const record = { ...format.create(0), flashes: new Map([["notice", [{ id, value: "one" }]]]) };
  return format.decode(format.encode(record)).flashes.get("notice")?.[0]?.id === id;
}

/** Checks if a session in this format can have an idle timeout and a lifetime of its own. */
export function allowsOwnLimits(format: SessionFormat): boolean {
  if (!knowsLifetime(format)) return false;
  try {
    for (const name of ["idleTimeoutSeconds", "lifetimeSeconds"]) format.checkMetadata(name, 1);
    return true;
  } catch {
    return false;
  }
}
