import { vi } from "vitest";

/** `vi.waitUntil` with a limit for what never comes: its own, a second, is a time that a busy machine can take. */
export const until: typeof vi.waitUntil = (condition, options = {}) =>
  vi.waitUntil(condition, {
    timeout: 15_000,
    interval: 10,
    ...(typeof options === "number" ? { timeout: options } : options),
  });
