import { join } from "node:path";
import { startPhpDialogue } from "../php-dialogue.ts";

/** Symfony's marshallers, in a process of PHP: that of sodium with keys, and that of deflate without. */
export interface PhpMarshallers extends Disposable {
  createKeyPair(): Promise<Uint8Array>;
  marshall(value: Uint8Array, keys?: readonly Uint8Array[]): Promise<Uint8Array>;
  unmarshall(value: Uint8Array, keys?: readonly Uint8Array[]): Promise<Uint8Array>;
}

export function startPhpMarshallers(): PhpMarshallers {
  const php = startPhpDialogue(join(import.meta.dirname, "marshallers.php"));

  async function ask(command: string, value?: Uint8Array, keys?: readonly Uint8Array[]): Promise<Uint8Array> {
    const encoded = { do: command, value: value && base64(value), keys: keys?.map(base64) };
    return new Uint8Array(Buffer.from(await php.ask(JSON.stringify(encoded)), "base64"));
  }

  return {
    createKeyPair: () => ask("keypair"),
    marshall: (value, keys) => ask("marshall", value, keys),
    unmarshall: (value, keys) => ask("unmarshall", value, keys),
    [Symbol.dispose]: () => php[Symbol.dispose](),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
