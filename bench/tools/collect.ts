/**
 * Collects the garbage of the young generation, where that is allowed. A full collection would also throw away what the compiler has
 * learned of objects that are not there just now, and each row would be measured as if it had never run.
 */
export function collectYoung(): void {
  globalThis.gc?.({ type: "minor", execution: "sync" });
}
