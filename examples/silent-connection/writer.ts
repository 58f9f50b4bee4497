import type { SessionHandler, StoredSession, Version } from "sessionwire";

const ttlSeconds = 300;

/**
 * Reads and writes texts as an HTTP request or a socket would: it remembers the version of each session that it has
 * seen, and its writes replace only that version. It reports the outcome of each call in a sentence.
 */
export class Writer {
  readonly #handler: SessionHandler;
  readonly #seen = new Map<string, Version>();

  constructor(handler: SessionHandler) {
    this.#handler = handler;
  }

  async get(id: string): Promise<string> {
    const found = await this.#handler.read(id);
    this.#remember(id, found?.version);
    return found ? describe(found) : "there is no such session";
  }

  async set(id: string, text: string): Promise<string> {
    const replaces = this.#seen.get(id);
    const result = await this.#handler.write(id, new TextEncoder().encode(text), { replaces, ttlSeconds });
    if (result.written) {
      this.#remember(id, result.version);
      return `${replaces === undefined ? "created" : "replaced"}, ${describeVersion(result.version)}`;
    }
    this.#remember(id, result.current?.version);
    if (result.current === undefined) return "refused: the session has ended, and a late write does not bring it back";
    if (replaces === undefined) return `refused: there is one already, ${describe(result.current)}`;
    return `refused: somebody else has written since; there is now ${describe(result.current)}`;
  }

  async touch(id: string): Promise<string> {
    const touched = await this.#handler.touch(id, ttlSeconds);
    return touched ? `lives for another ${ttlSeconds} s, its version is the same` : "there is no such session";
  }

  async destroy(id: string): Promise<string> {
    const result = await this.#handler.destroy(id);
    this.#remember(id, undefined);
    return result.destroyed ? "destroyed" : "there is no such session";
  }

  #remember(id: string, version: Version | undefined): void {
    if (version === undefined) this.#seen.delete(id);
    else this.#seen.set(id, version);
  }
}

function describe({ data, version }: StoredSession): string {
  return `"${new TextDecoder().decode(data)}", ${describeVersion(version)}`;
}

/** Shortens a version. Versions are opaque and long; their ends suffice to distinguish them by eye. */
function describeVersion(version: Version): string {
  return `version ${version.slice(0, 4)}…${version.slice(-4)}`;
}
