import { settled } from "../../virtual-clock.ts";
import { decode, encode, HEADER } from "./mask.ts";
import { around, coded, isEncoded, type TransformingMutant } from "./transforming-mutant.ts";

/** Returns mutants that change the bytes wrongly. */
export function mutantsOfCodecs(): TransformingMutant[] {
  const keptBySession = () => {
    const kept = new Map<string, Uint8Array>();
    return async (stored: Uint8Array) => {
      const name = String(stored);
      const data = kept.get(name) ?? decode(stored);
      kept.set(name, data);
      return data;
    };
  };
  const scratch = new Uint8Array(100_000);
  return [
    coded(3, "treats the data as text", {
      encode: (data) => encode(new TextEncoder().encode(new TextDecoder().decode(data))),
    }),
    coded(3, "does not encode data that looks encoded", {
      encode: (data) => (isEncoded(data) ? data : encode(data)),
    }),
    coded(3, "decodes data that looks encoded twice", {
      decode: (stored) => (isEncoded(decode(stored)) ? decode(decode(stored)) : decode(stored)),
    }),
    coded(3, "has its own key in each process", () => {
      processes += 1;
      const key = processes;
      const shift = (by: number) => (data: Uint8Array) => data.map((byte) => byte + by);
      return { encode: (data) => encode(shift(key)(data)), decode: (stored) => shift(-key)(decode(stored)) };
    }),
    coded(4, "returns data again that it decoded before", () => ({ decode: keptBySession() })),
    around(5, "wipes the array of its caller", (outer) => ({
      async write(id, data, options) {
        const result = await outer.write(id, data, options);
        data.fill(0);
        return result;
      },
    })),
    around(5, "copies the data too late", (outer) => ({
      async write(id, data, options) {
        await undefined;
        return outer.write(id, data, options);
      },
    })),
    coded(44, "uses one buffer for all calls", {
      async encode(data) {
        const encoded = encode(data);
        scratch.set(encoded);
        await settled();
        return scratch.slice(0, encoded.length);
      },
    }),
    coded(113, "leaves short data unencoded", {
      encode: (data) => (data.length < 100 ? Uint8Array.of(0, ...data) : encode(data)),
      decode: (stored) => (stored[0] === 0 ? stored.subarray(1) : decode(stored)),
    }),
    coded(113, "marks the data and does not mask it", {
      encode: (data) => Uint8Array.of(HEADER, ...data),
      decode(stored) {
        if (!isEncoded(stored)) throw new Error("It is not marked.");
        return stored.slice(1);
      },
    }),
    coded(70, "leaves a timer behind", (clock) => ({
      encode(data) {
        clock.schedule(() => {}, 3_600_000);
        return encode(data);
      },
    })),
  ];
}

let processes = 0;
