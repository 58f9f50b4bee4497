import { NOW } from "../sessions-in-memory.ts";

/** Replaces the present of PHP, and ours, in the metadata of a session. */
export function atTheTime(stored: string | undefined): string | undefined {
  const isPresent = (seconds: number) => seconds === NOW || Math.abs(seconds - Date.now() / 1000) < 600;
  return stored?.replace(/(?<=s:1:"[uc]";i:)\d+/g, (seconds) => (isPresent(Number(seconds)) ? "now" : seconds));
}
