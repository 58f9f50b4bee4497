import { join } from "node:path";
import { startPhpDialogue } from "../php-dialogue.ts";

/** A process of PHP that stores and reads values by ext-memcached. */
export interface PhpMemcachedClient extends Disposable {
  /** Stores a string, compressed if that makes it smaller, or plain. */
  set(key: string, value: Uint8Array, by: "zlib" | "fastlz" | "plain"): Promise<void>;
  /** Stores the value that this JSON stands for. */
  setTyped(key: string, json: string): Promise<void>;
  /** The string that is stored, or the type of what it is instead. */
  get(key: string): Promise<Uint8Array | string>;
}

export function startPhpMemcachedClient(port: number): PhpMemcachedClient {
  const php = startPhpDialogue(join(import.meta.dirname, "client.php"), `${port}`);
  const ask = async (command: object): Promise<unknown> => JSON.parse(await php.ask(JSON.stringify(command)));

  async function set(key: string, value: string, by: string): Promise<void> {
    if ((await ask({ do: "set", key, value, by })) !== true) throw new Error("PHP could not store the value.");
  }

  return {
    set: (key, value, by) => set(key, Buffer.from(value).toString("base64"), by),
    setTyped: (key, json) => set(key, json, "type"),
    async get(key) {
      const answer = String(await ask({ do: "get", key }));
      return ["boolean", "integer", "double", "array"].includes(answer)
        ? answer
        : new Uint8Array(Buffer.from(answer, "base64"));
    },
    [Symbol.dispose]: () => php[Symbol.dispose](),
  };
}
