const names = ["data", "version", "written", "destroyed", "current"] as const;

/** The answer of a handler, to be compared with a plain object: it may be one that makes a version when that is looked at. */
export function plain(answer: unknown): unknown {
  if (typeof answer !== "object" || answer === null || answer instanceof Uint8Array) return answer;
  return Object.fromEntries(
    names.filter((name) => name in answer).map((name) => [name, plain(Reflect.get(answer, name))]),
  );
}
