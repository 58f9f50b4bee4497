/** The number of names that are kept, a power of two. */
const PLACES = 512;

/** The longest name that is kept, in bytes. */
const LONGEST = 32;

/**
 * Short names of ASCII that have been read before. Most keys of a session are repeated, and a string that has served as the
 * name of a member already is found in half the time when it serves again.
 */
export class KnownNames {
  readonly #names: (string | undefined)[] = new Array(PLACES);

  /** The name in these bytes, if it is kept. */
  find(bytes: Uint8Array, start: number, end: number): string | undefined {
    const name = this.#names[placeOf(bytes, start, end)];
    if (name === undefined || name.length !== end - start) return undefined;
    for (let at = start; at < end; at += 1) if (name.charCodeAt(at - start) !== bytes[at]) return undefined;
    return name;
  }

  /** Keeps a name that has been read from these bytes if it is short and ASCII. */
  keep(name: string, bytes: Uint8Array, start: number, end: number): string {
    if (name.length !== end - start || name.length > LONGEST) return name;
    this.#names[placeOf(bytes, start, end)] = name;
    return name;
  }
}

function placeOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const first = bytes[start] ?? 0;
  const middle = bytes[start + (length >> 1)] ?? 0;
  const last = bytes[end - 1] ?? 0;
  return (first + 31 * middle + 127 * last + 61 * length) & (PLACES - 1);
}
