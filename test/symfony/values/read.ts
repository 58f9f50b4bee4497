import type { Json } from "sessionwire";
import type { PhpNode } from "../../../adapters/symfony/php-text/nodes.ts";
import { readSession, readValue } from "../../../adapters/symfony/php-text/reader.ts";
import { serialize } from "../../../adapters/symfony/php-text/writer.ts";
import { NodeValues } from "../../../adapters/symfony/values/node-values.ts";
import { textFixtures } from "../fixtures.ts";

/** A value that was read from a text of PHP. */
export interface ReadValue {
  readonly node: PhpNode;
  readonly values: NodeValues;
  readonly json: Json;
}

/** Reads a text in which `~` stands for a NUL, and each character for a byte. */
export function read(text: string): ReadValue {
  return readBytes(Uint8Array.from(text.replaceAll("~", "\0"), (character) => character.charCodeAt(0)));
}

export function readBytes(bytes: Uint8Array): ReadValue {
  const text = readValue(bytes);
  const values = new NodeValues(text);
  return { node: text.value, values, json: values.of(text.value) };
}

/** Writes a value as PHP would, and reads it again. */
export function rewritten(node: PhpNode): ReadValue {
  return readBytes(serialize(node));
}

/** The text of a value that refers to nothing, in which `~` stands for a NUL, and each character for a byte. */
export function textOf(node: PhpNode): string {
  return String.fromCharCode(...serialize(node)).replaceAll("\0", "~");
}

/** The attributes of a session that PHP has written. */
export function attributesOf(name: string): { readonly [name: string]: Json } {
  const fixture = textFixtures.find((each) => each.name === name);
  if (fixture === undefined) throw new Error("There is no such session.");
  const session = readSession(fixture.session, fixture.serializer);
  const node = session.entries.find((entry) => entry.key === "_sf2_attributes")?.value as PhpNode;
  return new NodeValues(session).of(node) as { readonly [name: string]: Json };
}
