import type { Memjs } from "./source.ts";

/** The operations used here. https://github.com/memcached/memcached/wiki/BinaryProtocolRevamped */
export const opcodes = {
  get: 0x00,
  set: 0x01,
  add: 0x02,
  delete: 0x04,
  noop: 0x0a,
  stat: 0x10,
  touch: 0x1c,
  getAndTouch: 0x1d,
  listMechanisms: 0x20,
  authenticate: 0x21,
} as const;

/** A request without its sequence number, which the connection gives it. */
export interface MemcachedRequest {
  readonly opcode: number;
  encode(sequence: number, codec: Memjs["Utils"]): Buffer;
}

const none: Buffer = Buffer.alloc(0);

export const noop: MemcachedRequest = request(opcodes.noop, "", none);
export const settings: MemcachedRequest = request(opcodes.stat, "settings", none);

export function get(key: string): MemcachedRequest {
  return request(opcodes.get, key, none);
}

export function getAndTouch(key: string, expiration: number): MemcachedRequest {
  return request(opcodes.getAndTouch, key, numbers(expiration));
}

export function touch(key: string, expiration: number): MemcachedRequest {
  return request(opcodes.touch, key, numbers(expiration));
}

/** Creates what is absent. */
export function add(key: string, data: Uint8Array, expiration: number): MemcachedRequest {
  return request(opcodes.add, key, numbers(0, expiration), asBuffer(data));
}

/** Replaces what has this CAS token. A token of zeros would replace whatever is there; no server that checks tokens gives one. */
export function replace(key: string, data: Uint8Array, expiration: number, cas: Buffer): MemcachedRequest {
  return request(opcodes.set, key, numbers(0, expiration), asBuffer(data), cas);
}

/** Deletes what is there; with a CAS token, only what has it. */
export function remove(key: string, cas?: Buffer): MemcachedRequest {
  return request(opcodes.delete, key, none, none, cas);
}

function request(opcode: number, key: string, extras: Buffer, value: Buffer = none, cas?: Buffer): MemcachedRequest {
  return {
    opcode,
    encode(sequence, codec) {
      const bytes = codec.makeRequestBuffer(opcode, key, extras, value, sequence);
      cas?.copy(bytes, 16); // memjs leaves these bytes of the header empty
      return bytes;
    },
  };
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
