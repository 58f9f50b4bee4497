/** Maximum number of cached names, a power of two. */
const CAPACITY = 512;

/** Maximum length of a cached name in bytes. */
const LONGEST = 32;

/**
 * A cache of short ASCII names. Most keys of a session are repeated, and a string that has already been the name of a
 * member is looked up in half the time.
 */
export class KnownNames {
  readonly #names: (string | undefined)[] = new Array(CAPACITY);

  /** Returns the name in these bytes, if it is cached. */
  find(bytes: Uint8Array, start: number, end: number): string | undefined {
    const name = this.#names[indexOf(bytes, start, end)];
    if (name === undefined || name.length !== end - start) return undefined;
    for (let at = start; at < end; at += 1) if (name.charCodeAt(at - start) !== bytes[at]) return undefined;
    return name;
  }

  /** Caches the name that was read from these bytes if it is short and ASCII. */
  keep(name: string, bytes: Uint8Array, start: number, end: number): string {
    if (name.length !== end - start || name.length > LONGEST) return name;
    this.#names[indexOf(bytes, start, end)] = name;
    return name;
  }
}

function indexOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const first = bytes[start] ?? 0;
  const middle = bytes[start + (length >> 1)] ?? 0;
  const last = bytes[end - 1] ?? 0;
  return (first + 31 * middle + 127 * last + 61 * length) & (CAPACITY - 1);
}
