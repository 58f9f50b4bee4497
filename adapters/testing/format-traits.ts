import type { SessionFormat } from "sessionwire/backend";

/** Returns true if sessions in a format can end a fixed time after their creation. */
export function knowsLifetime({ defaults }: SessionFormat): boolean {
  return defaults.lifetimeSeconds !== undefined;
}

/** Returns true if sessions in a format can have flash messages. */
export function storesFlashes(format: SessionFormat): boolean {
  try {
    format.flashEntry("a message");
    return true;
  } catch {
    return false;
  }
}

/** Returns true if a message reads back with an id that does not follow from its content. */
export function keepsMessageIds(format: SessionFormat): boolean {
  if (!storesFlashes(format)) return false;
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

/** Returns true if sessions in a format keep all that JSON tells apart: an empty object, and half of a surrogate pair. */
export function keepsAllOfJson(format: SessionFormat): boolean {
  const values = [{}, "\ud800"];
  try {
    for (const value of values) format.checkAttribute("a", value);
    const record = { ...format.create(0), attributes: new Map([["a", values]]) };
    return JSON.stringify(format.decode(format.encode(record)).attributes.get("a")) === JSON.stringify(values);
  } catch {
    return false;
  }
}
