import type { Response } from "memjs";
import { opcodes } from "./protocol.ts";
import { isAcknowledgement, isChange, isNamed, isStatistic } from "./reply-forms.ts";
import type { Memjs } from "./source.ts";

/** A request without its sequence number, which the connection assigns. */
export interface MemcachedRequest {
  readonly opcode: number;
  encode(sequence: number, codec: Memjs["Utils"]): Buffer;
  /** Returns true if a reply has the right form for this request, and concerns the same key if it includes one. */
  isReply(reply: Response): boolean;
}

const none: Buffer = Buffer.alloc(0);

export const noop: MemcachedRequest = request({ opcode: opcodes.noop, isReply: isAcknowledgement });
export const settings: MemcachedRequest = request({ opcode: opcodes.stat, key: "settings", isReply: isStatistic });

export function get(key: string): MemcachedRequest {
  return request({ opcode: opcodes.getWithKey, key, isReply: isNamed(key) });
}

export function getAndTouch(key: string, expiration: number): MemcachedRequest {
  const opcode = opcodes.getAndTouchWithKey;
  return request({ opcode, key, extras: numbers(expiration), isReply: isNamed(key) });
}

export function touch(key: string, expiration: number): MemcachedRequest {
  return request({ opcode: opcodes.touch, key, extras: numbers(expiration), isReply: isAcknowledgement });
}

/** Creates an absent item. */
export function add(key: string, data: Uint8Array, expiration: number): MemcachedRequest {
  const extras = numbers(0, expiration);
  return request({ opcode: opcodes.add, key, extras, value: asBuffer(data), isReply: isChange });
}

/**
 * Replaces the item with this CAS token. A token of zeros would replace any item; no server that checks tokens issues
 * one.
 */
export function replace(key: string, data: Uint8Array, expiration: number, cas: Buffer): MemcachedRequest {
  const extras = numbers(0, expiration);
  return request({ opcode: opcodes.set, key, extras, value: asBuffer(data), cas, isReply: isChange });
}

/** Deletes an item; with a CAS token, only the item that has it. */
export function remove(key: string, cas?: Buffer): MemcachedRequest {
  return request({ opcode: opcodes.delete, key, cas, isReply: isAcknowledgement });
}

interface Parts extends Pick<MemcachedRequest, "opcode" | "isReply"> {
  readonly key?: string;
  readonly extras?: Buffer;
  readonly value?: Buffer;
  readonly cas?: Buffer | undefined;
}

function request({ opcode, key = "", extras = none, value = none, cas, isReply }: Parts): MemcachedRequest {
  return {
    opcode,
    isReply,
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
