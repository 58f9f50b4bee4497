import { NOW } from "../sessions-in-memory.ts";

/** Replaces the current time, that of PHP or of the test, in the metadata of a session by `now`. */
export function withoutTimes(stored: string | undefined): string | undefined {
  const isPresent = (seconds: number) => seconds === NOW || Math.abs(seconds - Date.now() / 1000) < 600;
  return stored?.replace(/(?<=s:1:"[uc]";i:)\d+/g, (seconds) => (isPresent(Number(seconds)) ? "now" : seconds));
}
