import type { SessionFormat } from "sessionwire/backend";

/** Tells whether sessions in a format can end a fixed time after their creation. */
export function knowsLifetime({ defaults }: SessionFormat): boolean {
  return defaults.lifetimeSeconds !== undefined;
}

/** Tells whether a message reads back with an id that cannot be told from what is in it. */
export function keepsMessageIds(format: SessionFormat): boolean {
  const { id } = format.flashEntry("another");
  const record = { ...format.create(0), flashes: new Map([["notice", [{ id, value: "one" }]]]) };
  return format.decode(format.encode(record)).flashes.get("notice")?.[0]?.id === id;
}
