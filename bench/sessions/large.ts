import { jsonOf } from "../tools/content.ts";
import { Rotation } from "../tools/rotation.ts";
import type { Row } from "../tools/slices.ts";
import { changeRows } from "./change.ts";
import type { Connections } from "./connections.ts";
import { openRows } from "./read.ts";
import { type Amount, parseJson } from "./stored.ts";

/**
 * A large session of ten attributes, one of which is a number that is read or changed. The floor only parses its JSON.
 */
export async function largeRows(connections: Connections, amount: Amount): Promise<Row[]> {
  const rotation = new Rotation(Array.from({ length: amount.sessions }, (_, user) => jsonOf(user, amount.bytes)));
  const parse: Row = { name: "JSON.parse of it", run: async () => parseJson(rotation.next()) };
  return [parse, ...(await openRows(connections, amount)), ...(await changeRows(connections, amount))];
}
