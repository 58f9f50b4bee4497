import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PhpSerializer } from "../../adapters/symfony/php-text/session.ts";
import type { PhpMeaning } from "./meaning.ts";

const folder = join(import.meta.dirname, "sessions");

/** A session that a real PHP has stored. */
export interface SessionFixture {
  readonly name: string;
  readonly description: string;
  readonly handler: string;
  readonly client: string;
  readonly serializer: PhpSerializer | "igbinary";
  readonly marshaller?: string;
  /** The option of the client that has changed the bytes once more: its serializer or its compression. */
  readonly wrap?: string;
  readonly key: string;
  readonly sessionId: string;
  readonly ttl?: number;
  /** The flags of Memcached. */
  readonly flags?: number;
  readonly phpReencodesIdentically: boolean;
  /** The bytes as they are stored. */
  readonly stored: Uint8Array;
  /** The bytes without what compresses, encrypts or encloses them. */
  readonly session: Uint8Array;
  /** The content of `$_SESSION`. */
  readonly php: PhpMeaning;
}

/** All sessions, by name. */
export const sessionFixtures: readonly SessionFixture[] = readdirSync(folder).sort().map(readFixture);

/** The sessions that consist of PHP's own text. */
export const textFixtures: readonly (SessionFixture & { readonly serializer: PhpSerializer })[] =
  sessionFixtures.flatMap((fixture) =>
    fixture.serializer === "igbinary" ? [] : [{ ...fixture, serializer: fixture.serializer }],
  );

/** The session of this name. */
export function sessionFixture(name: string): SessionFixture {
  const found = sessionFixtures.find((fixture) => fixture.name === name);
  if (found === undefined) throw new Error(`There is no session "${name}" in ${folder}.`);
  return found;
}

function readFixture(file: string): SessionFixture {
  const fixture = JSON.parse(readFileSync(join(folder, file), "utf8"));
  const session = bytesOf(fixture.session);
  const stored = fixture.stored === undefined ? session : bytesOf(fixture.stored);
  return { ...fixture, phpReencodesIdentically: fixture.phpReencodesIdentically === true, stored, session };
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}
