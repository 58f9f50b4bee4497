import { toBase64Url } from "../../base64.ts";
import { isJsonObject } from "../../formats/json.ts";
import { corrupt, encodeJson, readJson } from "../../formats/json-bytes.ts";
import { sha256 } from "../../formats/sha256.ts";
import { randomText } from "../../random.ts";
import { encoder } from "../../utf8.ts";

/** The prefix of the keys of tickets. */
export const TICKET_PREFIX = "ticket:";

const VERSION = 1;
const TICKET_BYTES = 32;
const ticketShape = /^[A-Za-z0-9_-]{43}$/;
const sealedShape = /^(?:[0-9a-f]{2})+$/;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export function createTicket(): string {
  return randomText(TICKET_BYTES);
}

export function isTicket(text: unknown): text is string {
  return typeof text === "string" && ticketShape.test(text);
}

/** Hashes the ticket, so that keys seen in a dump, a slow log or a trace cannot be used as tickets. */
export function keyOfTicket(namespace: string, ticket: string): string {
  return TICKET_PREFIX + toBase64Url(digest("key", namespace, ticket));
}

/**
 * Encodes the id so that only the ticket's owner can read it, whoever else sees the bytes. It is JSON, because
 * connect-redis parses every record.
 */
export function sealRecord(namespace: string, ticket: string, id: string): Uint8Array {
  const sealed = Array.from(overlay(namespace, ticket, encoder.encode(id)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  );
  return encodeJson({ v: VERSION, sealed: sealed.join("") });
}

/** Returns the id of the session. */
export function openRecord(namespace: string, ticket: string, data: Uint8Array): string {
  const { value: json } = readJson(data);
  if (isJsonObject(json) && json.v === VERSION && typeof json.sealed === "string" && sealedShape.test(json.sealed)) {
    const sealed = Uint8Array.from(json.sealed.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
    return decoder.decode(overlay(namespace, ticket, sealed));
  }
  throw corrupt("it is not a ticket");
}

/** Encrypts or decrypts bytes by XOR with a stream derived from 256 random bits, which is used for a single message. */
function overlay(namespace: string, ticket: string, bytes: Uint8Array): Uint8Array {
  const stream: number[] = [];
  for (let block = 0; stream.length < bytes.length; block += 1)
    stream.push(...digest(`id ${block}`, namespace, ticket));
  return bytes.map((byte, index) => byte ^ (stream[index] ?? 0));
}

function digest(use: string, namespace: string, ticket: string): Uint8Array {
  return sha256(encoder.encode(`${use}\0${namespace}\0${ticket}`));
}
