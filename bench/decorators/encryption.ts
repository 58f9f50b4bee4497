import { withEncryption } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { jsonOf, kilobyte } from "../tools/content.ts";
import { loadPeer } from "../tools/peers.ts";
import type { Row } from "../tools/slices.ts";
import { replace } from "./replace.ts";

interface Question {
  readonly id: string;
  readonly title: string;
  readonly rows: Row[];
}

interface CryptoAdapter {
  encrypt(text: string): Promise<string>;
  decrypt(encrypted: string): Promise<string>;
}

interface ConnectMongo {
  createWebCryptoAdapter(options: { readonly secret: string }): CryptoAdapter;
  createKrupteinAdapter(options: { readonly secret: string }): CryptoAdapter;
}

interface IronSession {
  sealData(data: unknown, options: { readonly password: string }): Promise<string>;
  unsealData(seal: string, options: { readonly password: string }): Promise<unknown>;
}

const secret = "a secret of thirty-two characters, or a few more";

/**
 * Reads and writes of one session, beside what other packages do to encrypt and decrypt the same text, without a store.
 * They return text, connect-mongo without an authentication of the id, and iron-session in a form for cookies.
 */
export async function encryptionQuestions(): Promise<Question[]> {
  const { createWebCryptoAdapter, createKrupteinAdapter } = await loadPeer<ConnectMongo>("connect-mongo");
  const { sealData, unsealData } = await loadPeer<IronSession>("iron-session");
  const adapters = { "Web Crypto": createWebCryptoAdapter({ secret }), kruptein: createKrupteinAdapter({ secret }) };
  const password = { password: secret };
  const questions = [500, 16 * kilobyte].map(async (size): Promise<Question[]> => {
    const json = jsonOf(1, size);
    const data = new TextEncoder().encode(json);
    const content: unknown = JSON.parse(json);
    const sealed = await sealData(content, password);
    const bare = createMemoryHandler();
    const key = crypto.getRandomValues(new Uint8Array(32));
    const encrypting = withEncryption(createMemoryHandler(), { keys: [{ id: "a", key }] });
    await Promise.all([bare, encrypting].map((handler) => replace(handler, data)));
    const ofMongo = await Promise.all(
      Object.entries(adapters).map(async ([name, adapter]) => ({
        name: `connect-mongo, ${name}`,
        adapter,
        encrypted: await adapter.encrypt(json),
      })),
    );
    return [
      {
        id: `encryption-read-${size}`,
        title: `read and decrypt ${data.length} bytes`,
        rows: [
          { name: "memory", run: () => bare.read("a") },
          { name: "withEncryption", run: () => encrypting.read("a") },
          ...ofMongo.map(({ name, adapter, encrypted }) => ({ name, run: () => adapter.decrypt(encrypted) })),
          { name: "iron-session", run: () => unsealData(sealed, password) },
        ],
      },
      {
        id: `encryption-write-${size}`,
        title: `encrypt and write ${data.length} bytes`,
        rows: [
          { name: "memory", run: () => replace(bare, data) },
          { name: "withEncryption", run: () => replace(encrypting, data) },
          ...ofMongo.map(({ name, adapter }) => ({ name, run: () => adapter.encrypt(json) })),
          { name: "iron-session", run: () => sealData(content, password) },
        ],
      },
    ];
  });
  return (await Promise.all(questions)).flat();
}
