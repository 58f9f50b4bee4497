const names = ["data", "version", "written", "destroyed", "current"] as const;

/**
 * Returns the answer of a handler for comparison with a plain object: the answer may compute its version only when it
 * is read.
 */
export function plain(answer: unknown): unknown {
  if (typeof answer !== "object" || answer === null || answer instanceof Uint8Array) return answer;
  return Object.fromEntries(
    names.filter((name) => name in answer).map((name) => [name, plain(Reflect.get(answer, name))]),
  );
}
