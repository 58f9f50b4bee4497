/**
 * Collects the garbage of the young generation, if that is allowed. A full collection would also discard the compiler's
 * knowledge of objects that do not exist at the moment, and each row would be measured as if it had never run.
 */
export function collectYoung(): void {
  globalThis.gc?.({ type: "minor", execution: "sync" });
}
