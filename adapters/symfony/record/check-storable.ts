import type { Json } from "sessionwire/backend";
import { ByteSink } from "../php-text/byte-sink.ts";
import type { PhpSerializer } from "../php-text/session.ts";
import { writeName } from "../php-text/session-writer.ts";
import { nodeOf } from "../values/fresh-nodes.ts";
import { keyOf } from "./named-members.ts";

/** Throws a `TypeError` for a name or a value that PHP cannot store. */
export function checkStorable(name: string, value: Json): void {
  keyOf(name);
  nodeOf(value);
}

/** Throws a `TypeError` for a name that PHP cannot store as a member of `$_SESSION`. */
export function checkName(name: string, serializer: PhpSerializer): void {
  writeName(keyOf(name), serializer, new ByteSink(name.length));
}
