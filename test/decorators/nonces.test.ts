import { type SessionHandler, type Version, withEncryption } from "sessionwire";
import { expect, test } from "vitest";
import { keyNamed } from "../laws/encryption-keys.ts";
import { handlerWith } from "./stand-ins.ts";

const WRITES = 2 ** 20;
const AT_A_TIME = 64;

test("no nonce is used twice in a million writes, and then the next subkey begins (law 140)", async () => {
  const nonces = new Set<string>();
  const salts = new Map<string, number>();
  const handler = withEncryption(collecting(nonces, salts), { keys: [keyNamed("2027")] });
  const data = new Uint8Array(1);
  let written = 0;
  const write = async () => {
    while (written < WRITES + 100) {
      written += 1;
      await handler.write("a", data, { replaces: undefined, ttlSeconds: 60 });
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: AT_A_TIME }, write));
  expect(nonces.size).toBe(WRITES + 100);
  expect([...salts.values()]).toEqual([WRITES, 100]);
  const us = Math.round(((performance.now() - start) * 1000) / written);
  console.info(`${written} nonces, all different, ${us} µs for each write`);
}, 600_000);

/** Collects the nonce of each record with its salt, and counts the records of each salt. */
function collecting(nonces: Set<string>, salts: Map<string, number>): SessionHandler {
  return handlerWith({
    async write(_, record) {
      const bytes = Buffer.from(record);
      const salt = bytes.toString("latin1", 20, 36);
      nonces.add(bytes.toString("latin1", 20, 48));
      salts.set(salt, (salts.get(salt) ?? 0) + 1);
      return { written: true, version: "v" as Version }; // nobody makes anything of it
    },
  });
}
