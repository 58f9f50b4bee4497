import { checkCount, MAX_TTL_SECONDS } from "../backend/checks.ts";
import { toBase64Url } from "../base64.ts";
import { randomText } from "../random.ts";
import { rememberKeys } from "../remembered-keys.ts";
import { encoder } from "../utf8.ts";
import { createFlashEntry, flashesFromJson, flashesToJson } from "./flashes.ts";
import type { SessionFormat, SessionLimits } from "./format.ts";
import { isJsonObject, type Json, toMap } from "./json.ts";
import { checkedJson, corrupt, encodeJson, readJson } from "./json-bytes.ts";
import { JsonWriter } from "./json-writer.ts";
import { KeptTexts, type TextedRecord } from "./kept-texts.ts";
import { ADDITIONS, additionsOf, limitNames, takeAdditions } from "./native-additions.ts";
import type { Forward, SessionRecord } from "./record.ts";
import { sha256 } from "./sha256.ts";

const VERSION = 1;
const ID_BYTES = 32;
const KEY_PREFIX = "session:";
const keyShape = /^session:[A-Za-z0-9_-]{43}$/;
const idShape = /^[A-Za-z0-9_-]{43}$/;

/**
 * Creates the format of sessions used by this package alone: JSON, under a key that does not reveal the id.
 *
 * @remarks
 * - Ids are 256 random bits, 43 characters of base64url. The key is `session:` followed by the SHA-256 of the id, so
 *   that keys seen in a dump, a slow log or a trace cannot be used as ids. (OWASP ASVS 5.0, 7.2.3; Session Management
 *   Cheat Sheet)
 * - Metadata: `createdAt` and `updatedAt`, in milliseconds since 1970. A session may have limits of its own, which are
 *   metadata to be set: `idleTimeoutSeconds` and `lifetimeSeconds`; `null`: those of the manager.
 * - A session lives for the idle timeout (30 min) or the rest of its lifetime (12 h), whichever is shorter. (ASVS 5.0,
 *   7.3.1 and 7.3.2; NIST SP 800-63B-4 for the figures.)
 * - Attributes that end before the session, and its own limits, are stored in an attribute `@session`, which an
 *   application cannot set.
 *
 * @public
 */
export function nativeFormat(): SessionFormat {
  const writer = new JsonWriter();
  return {
    name: "native",
    defaults: { idleTimeoutSeconds: 1800, lifetimeSeconds: 43_200 },
    acceptsForeignIds: false,
    storesTokens: true,
    storesForwards: true,
    storesAttributeEnds: true,
    createId: () => randomText(ID_BYTES),
    isId: (id) => idShape.test(id),
    keyPrefix: KEY_PREFIX,
    keyOf: rememberKeys((id) => KEY_PREFIX + toBase64Url(sha256(encoder.encode(id)))),
    create: (now): TextedRecord => ({
      attributes: new Map(),
      flashes: new Map(),
      metadata: metadataOf(now, now),
      tokens: [],
      texts: new KeptTexts(),
    }),
    decode,
    encode: (record) => encode(record, writer),
    flashEntry: createFlashEntry,
    stamp: (record, now) => ({ ...record, metadata: new Map(record.metadata).set("updatedAt", now) }),
    ttlSeconds,
    ttlSecondsOfRead: ({ idleTimeoutSeconds, lifetimeSeconds = Infinity }) =>
      Math.min(idleTimeoutSeconds, lifetimeSeconds),
    checkAttribute(name) {
      if (name === ADDITIONS) throw new TypeError(`The native format uses the attribute "${ADDITIONS}" itself.`);
    },
    checkMetadata(name, value) {
      if (!limitNames.some((each) => each === name))
        throw new TypeError("The native format keeps its metadata itself.");
      if (value !== null) checkCount(`The metadata ${name}`, value, 1, MAX_TTL_SECONDS);
    },
  };
}

function metadataOf(createdAt: Json, updatedAt: Json): Map<string, Json> {
  return new Map().set("createdAt", createdAt).set("updatedAt", updatedAt);
}

/** Returns the time to live in seconds, rounded up just before the end: the record itself says when it has ended. */
function ttlSeconds(record: SessionRecord, limits: SessionLimits, now: number): number {
  if (record.forward) return Math.ceil((record.forward.until - now) / 1000);
  const idleTimeoutSeconds = ownLimit(record, "idleTimeoutSeconds") ?? limits.idleTimeoutSeconds;
  const lifetimeSeconds = ownLimit(record, "lifetimeSeconds") ?? limits.lifetimeSeconds;
  if (lifetimeSeconds === undefined) return idleTimeoutSeconds;
  const endsAt = Number(record.metadata.get("createdAt")) + lifetimeSeconds * 1000;
  return Math.min(idleTimeoutSeconds, Math.ceil((endsAt - now) / 1000));
}

function ownLimit({ metadata }: SessionRecord, name: (typeof limitNames)[number]): number | undefined {
  const seconds = metadata.get(name);
  return typeof seconds === "number" ? seconds : undefined;
}

function encode(record: TextedRecord, writer: JsonWriter): Uint8Array {
  const { attributes, attributeEnds, flashes, metadata, tokens, forward, texts } = record;
  if (forward) return encodeJson({ v: VERSION, forward: { key: forward.key, until: forward.until } });
  writer.begin(texts);
  const times = `"createdAt":${textOf(metadata, "createdAt")},"updatedAt":${textOf(metadata, "updatedAt")}`;
  writer.addText(`{"v":${VERSION},${times},"tokens":${JSON.stringify(tokens)},"attributes":{`);
  attributes.forEach((value, name) => {
    if (!attributeEnds?.has(name)) writer.addMember(name, value);
  });
  const additions = attributeEnds || metadata.size > USUAL_METADATA ? additionsOf(record) : undefined;
  if (additions !== undefined) writer.addMember(ADDITIONS, additions);
  writer.addText(`},"flashes":${flashes.size === 0 ? "{}" : JSON.stringify(flashesToJson(flashes))}}`);
  return writer.finish();
}

/** `createdAt` and `updatedAt`. */
const USUAL_METADATA = 2;

function textOf(metadata: SessionRecord["metadata"], name: string): string {
  return JSON.stringify(metadata.get(name) ?? null);
}

function decode(data: Uint8Array): TextedRecord {
  const { value: json, isChecked } = readJson(data);
  if (!isJsonObject(json)) throw corrupt("it is not an object");
  if (json.v !== VERSION) throw corrupt(`its version is not ${VERSION}`);
  if ("forward" in json) return { ...nothing, forward: forwardOf(json) };
  const { createdAt, updatedAt, tokens, attributes, flashes } = json;
  const isComplete = isTime(createdAt) && isTime(updatedAt) && isTokens(tokens) && isJsonObject(attributes);
  if (!isComplete || !isJsonObject(flashes) || Object.keys(json).length !== 6)
    throw corrupt("its members are not those of this format");
  const content = { attributes: toMap(attributes), metadata: metadataOf(createdAt, updatedAt) };
  const attributeEnds = takeAdditions(content);
  if (!isChecked) for (const value of content.attributes.values()) checkedJson(value);
  return {
    ...content,
    attributeEnds,
    flashes: flashesFromJson(flashes),
    tokens,
    texts: new KeptTexts().take(data, attributes, "attributes"),
  };
}

const nothing: SessionRecord = { attributes: new Map(), flashes: new Map(), metadata: new Map(), tokens: [] };

function forwardOf(json: { readonly [name: string]: Json }): Forward {
  const { forward } = json;
  if (isJsonObject(forward) && Object.keys(forward).length === 2 && Object.keys(json).length === 2) {
    const { key, until } = forward;
    if (typeof key === "string" && keyShape.test(key) && isTime(until)) return { key, until };
  }
  throw corrupt("its forward has an unknown form");
}

function isTime(value: Json | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}

function isTokens(value: Json | undefined): value is string[] {
  return Array.isArray(value) && value.every((token) => typeof token === "string");
}
