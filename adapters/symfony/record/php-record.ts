import type { SessionRecord } from "sessionwire/backend";
import { layOut } from "../layout/lay-out.ts";
import { readSession } from "../php-text/reader.ts";
import type { PhpSerializer, PhpSession, PhpSessionEntry } from "../php-text/session.ts";

/** The part of a record that a session of PHP contains. */
export type Content = Pick<SessionRecord, "attributes" | "flashes" | "metadata">;

/** A session of PHP as records show it. */
export interface SessionView {
  readonly content: Content;
  /** Returns the members of the session with another content. */
  edit(content: Content): readonly PhpSessionEntry[];
}

/** A record with the session that it was read from, which is passed on to records derived from it. */
export interface PhpRecord extends SessionRecord {
  readonly php?: Source | undefined;
  /** `true` if nothing is left that PHP would store, so that a write ends the session. */
  readonly isOver?: boolean | undefined;
}

interface Source {
  readonly session: PhpSession;
  readonly view: SessionView;
}

/** Converts sessions of PHP to records and back. */
export class PhpRecords {
  readonly #serializer: PhpSerializer;
  readonly #viewOf: (session: PhpSession) => SessionView;

  constructor(serializer: PhpSerializer, viewOf: (session: PhpSession) => SessionView) {
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
    return this.#sessionOf(record).bytes;
  }

  /** Returns the record as it is after it has been written and read again; without a change, the record itself. */
  rewrite(record: PhpRecord): PhpRecord {
    const session = this.#sessionOf(record);
    return session === record.php?.session ? record : this.#recordOf(session);
  }

  #recordOf(session: PhpSession): PhpRecord {
    const view = this.#viewOf(session);
    return { ...view.content, tokens: noTokens, php: { session, view } };
  }

  #sessionOf(record: PhpRecord): PhpSession {
    const { session, view } = record.php ?? (this.create().php as Source); // a record that is made here has one
    if (isSame(record, view.content)) return session;
    const entries = view.edit(record);
    return entries === session.entries ? session : layOut(entries, session);
  }
}

/** Values never change, so the same maps have the same content. */
function isSame(one: Content, other: Content): boolean {
  return one.attributes === other.attributes && one.flashes === other.flashes && one.metadata === other.metadata;
}

const noTokens: readonly string[] = [];
const nothing: Uint8Array = new Uint8Array();
const emptyArray: Uint8Array = new TextEncoder().encode("a:0:{}");
