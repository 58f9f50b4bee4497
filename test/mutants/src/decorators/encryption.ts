import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 31,
    bug: "the size is limited after the encryption, and not before",
    from: "handler.maxBytes - OVERHEAD_BYTES",
    to: "undefined",
  },
  {
    breaks: 43,
    bug: "plaintext is accepted after the date as well",
    from: "clock.now() < plaintextUntil",
    to: "plaintextUntil > 0",
  },
  {
    breaks: 113,
    bug: "sessions are stored as they are after the beginning of encryption as well",
    from: "clock.now() >= encryptFrom",
    to: "encryptFrom < 0",
  },
  {
    breaks: 113,
    bug: "sessions are encrypted before all processes can read them",
    from: "clock.now() >= encryptFrom",
    to: "true",
  },
  {
    breaks: 14,
    bug: "a touch writes the session again, and in plaintext",
    from: "    async close(next) {",
    to: '    operation: async (operation: any, next: any) => {\n      const found = operation.kind === "touch" ? await handler.read(operation.id) : undefined;\n      if (found) await handler.write(operation.id, await cipher.open(found.data, operation.id), { replaces: found.version, ttlSeconds: 60 }); return next(); }, async close(next) {',
  },
];
