import type { SessionRecord } from "sessionwire/backend";
import { layOut } from "../layout/lay-out.ts";
import type { PhpEntry } from "../php-text/nodes.ts";
import { readSession } from "../php-text/reader.ts";
import type { PhpSerializer, PhpSession } from "../php-text/session.ts";

/** The part of a record that a session of PHP contains. */
export type Content = Pick<SessionRecord, "attributes" | "flashes" | "metadata">;

/** The content of a PHP session, as a record shows it. */
export interface SessionView {
  readonly content: Content;
  /** `true` if the content is nothing but plain data. */
  readonly isPlain: boolean;
  /** Returns the members of the session with other content. */
  edit(content: Content): readonly PhpEntry[];
}

/** Shows a session; with `known`, as it was shown before. */
export type ViewOf = (session: PhpSession, known?: Content) => SessionView;

/** A record with its source, which copies of the record keep. */
export interface PhpRecord extends SessionRecord {
  readonly php?: Source | undefined;
  /** `true` if a write ends the session, because PHP would store nothing. */
  readonly isOver?: boolean | undefined;
}

interface Source {
  readonly bytes: Uint8Array;
  readonly content: Content;
  /**
   * The session, if values of the content belong to it. Otherwise it is read again for a change, because it takes
   * several times the memory of its bytes, and most sessions are only read.
   */
  readonly session: PhpSession | undefined;
}

/** Converts PHP sessions to records and back. */
export class PhpRecords {
  readonly #serializer: PhpSerializer;
  readonly #viewOf: ViewOf;

  constructor(serializer: PhpSerializer, viewOf: ViewOf) {
    this.#serializer = serializer;
    this.#viewOf = viewOf;
  }

  create(): PhpRecord {
    return this.decode(this.#serializer === "php_serialize" ? emptyArray : nothing);
  }

  decode(data: Uint8Array): PhpRecord {
    return this.#recordOf(readSession(data, this.#serializer));
  }

  encode(record: PhpRecord): Uint8Array {
    return sourceOf(record)?.bytes ?? this.#write(record).bytes;
  }

  /** Returns the record as written and read again, or the record itself if it has not changed. */
  rewrite(record: PhpRecord): PhpRecord {
    return sourceOf(record) ? record : this.#recordOf(this.#write(record));
  }

  #recordOf(session: PhpSession): PhpRecord {
    const { content, isPlain } = this.#viewOf(session);
    const php = { bytes: session.bytes, content, session: isPlain ? undefined : session };
    return { ...content, tokens: noTokens, php };
  }

  #write(record: PhpRecord): PhpSession {
    const { bytes, content, session = readSession(bytes, this.#serializer) } = record.php ?? this.#newSource();
    return layOut(this.#viewOf(session, content).edit(record), session);
  }

  #newSource(): Source {
    return this.create().php as Source; // which has just been made
  }
}

/** Returns the source of an unchanged record. Maps are never changed, so identical ones have the same content. */
function sourceOf({ attributes, flashes, metadata, php }: PhpRecord): Source | undefined {
  const { content } = php ?? {};
  const isSame = attributes === content?.attributes && flashes === content.flashes && metadata === content.metadata;
  return isSame ? php : undefined;
}

const noTokens: readonly string[] = [];
const nothing: Uint8Array = new Uint8Array();
const emptyArray: Uint8Array = new TextEncoder().encode("a:0:{}");
