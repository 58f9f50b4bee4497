import { type EncryptionKey, type SessionHandler, withEncryption } from "sessionwire";
import { decorateHandler } from "sessionwire/backend";
import type { Decorate, TransformingDecorator } from "sessionwire/testing/properties";

const [next, old] = [createKey("2027"), createKey("2026")];
const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);

/** Right ones, for `transformingDecoratorContract`. */
export const transformingDecorators: Record<string, TransformingDecorator> = {
  "a decorator that shifts bytes": { decorate: withShift(7), decorateFailing: withShift(0) },
  "two of them": { decorate: (handler, clock) => withShift(7)(withShift(9)(handler, clock) as never, clock) },
  "a decorator that encrypts": { decorate: encrypted, hides: true },
  withEncryption: {
    decorate: encrypting([next, old]),
    decorateFailing: (handler, clock) => withEncryption(handler, { keys: ["gone"], keyOf: () => undefined, clock }),
    hides: true,
    bindsId: true,
    neverRepeats: true,
    keyChange: { before: encrypting([old]), after: encrypting([next]) },
  },
};

/** Puts a byte in front that says by how much each of the others is shifted. Its own errors tell what nobody may hear. */
function withShift(by: number): Decorate {
  return (handler) =>
    decorateHandler(handler, {
      maxBytes: handler.maxBytes && handler.maxBytes - 1,
      encode(data) {
        if (by === 0) throw new Error(`There is no key for ${new TextDecoder().decode(data)}.`);
        return Uint8Array.of(by, ...data.map((byte) => byte + by));
      },
      decode(stored) {
        if (stored[0] !== by) throw new Error("It has another key.");
        return stored.subarray(1).map((byte) => byte - by);
      },
    });
}

/** AES-GCM with a number of 12 bytes in front and a mark of 16 at the end. */
function encrypted(handler: SessionHandler): SessionHandler {
  return decorateHandler(handler, {
    maxBytes: handler.maxBytes && handler.maxBytes - 28,
    async encode(data) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      return Buffer.concat([iv, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, data))]);
    },
    async decode(stored) {
      const iv = stored.subarray(0, 12);
      return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, stored.subarray(12)));
    },
  });
}

function encrypting(keys: readonly EncryptionKey[]): Decorate {
  return (handler, clock) => withEncryption(handler, { keys, clock });
}

function createKey(id: string): EncryptionKey {
  return { id, key: crypto.getRandomValues(new Uint8Array(32)) };
}
