import type { PhpEntry } from "../php-text/nodes.ts";
import { readSession } from "../php-text/reader.ts";
import type { PhpSession } from "../php-text/session.ts";
import { Arrangement } from "./arrangement.ts";
import { checkWritten, defect } from "./check-written.ts";
import { Origin } from "./origin.ts";
import { checkNumbers } from "./unknown-numbers.ts";
import { write } from "./write.ts";

/**
 * Writes a session that has been edited, and reads it again. `entries` are its members: nodes of the session among new
 * ones, which may contain others of the session.
 *
 * @remarks
 * Nodes of the session are written back byte for byte, even if they have moved; only the numbers of `r:` and `R:` are
 * adjusted. Throws a `TypeError` for a change after which a reference could not mean the same as before, and for a
 * value of another session that refers to something outside of it.
 */
export function layOut(entries: readonly PhpEntry[], session: PhpSession): PhpSession {
  const origin = new Origin(session);
  const { placements } = new Arrangement(origin, entries);
  checkNumbers(session, placements);
  const bytes = write(origin, placements, entries.length);
  const written = readAgain(bytes, session);
  checkWritten(written, placements);
  return written;
}

function readAgain(bytes: Uint8Array, { serializer }: PhpSession): PhpSession {
  try {
    return readSession(bytes, serializer);
  } catch (error) {
    throw defect(error);
  }
}
