import { nativeFormat, type OpaqueValue } from "sessionwire";
import {
  type FlashEntry,
  isJsonObject,
  type Json,
  opaqueBytes,
  type SessionFormat,
  type SessionRecord,
} from "sessionwire/backend";

/** A value that only the format below can store. */
export class Amount implements OpaqueValue {
  readonly [opaqueBytes]: number;
  readonly #units: bigint;

  constructor(units: bigint) {
    this.#units = units;
    this[opaqueBytes] = String(units).length;
    Object.freeze(this);
  }

  static isAmount(value: object): value is Amount {
    return #units in value;
  }

  get units(): bigint {
    return this.#units;
  }
}

/** The native format with amounts, which it stores as objects with one member, `$`. */
export function amountFormat(): SessionFormat {
  const native = nativeFormat();
  return {
    ...native,
    name: "amount",
    acceptsOpaque: Amount.isAmount,
    encode: (record) => native.encode(mapped(record, toStored)),
    decode: (data) => mapped(native.decode(data), fromStored),
  };
}

function mapped(record: SessionRecord, map: (value: Json) => Json): SessionRecord {
  const entries = ([type, list]: [string, readonly FlashEntry[]]) =>
    [type, list.map(({ id, value }) => ({ id, value: map(value) }))] as const;
  return {
    ...record,
    attributes: new Map([...record.attributes].map(([name, value]) => [name, map(value)])),
    flashes: new Map([...record.flashes].map(entries)),
  };
}

function toStored(value: Json): Json {
  if (typeof value === "object" && value !== null && Amount.isAmount(value)) return { $: String(value.units) };
  return mapEach(value, toStored);
}

function fromStored(value: Json): Json {
  if (isJsonObject(value) && typeof value.$ === "string") return new Amount(BigInt(value.$));
  return mapEach(value, fromStored);
}

function mapEach(value: Json, map: (value: Json) => Json): Json {
  if (Array.isArray(value)) return value.map(map);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, map(member)]));
}
