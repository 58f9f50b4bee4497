/** A key for tests, the same each time. */
export function keyNamed(id: string): { readonly id: string; readonly key: Uint8Array } {
  return { id, key: new TextEncoder().encode(id.padEnd(32, ".")) };
}
