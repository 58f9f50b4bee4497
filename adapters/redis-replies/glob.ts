/** The pattern that matches this text only. https://redis.io/docs/latest/commands/keys/ */
export function escapeGlob(text: string): string {
  return text.replace(/[*?[\]\\]/g, "\\$&");
}
