/** Returns the pattern that matches only this text. https://redis.io/docs/latest/commands/keys/ */
export function escapeGlob(text: string): string {
  return text.replace(/[*?[\]\\]/g, "\\$&");
}
