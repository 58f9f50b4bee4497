import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { phpBinary } from "../../servers/php.ts";

/** Symfony's marshallers, in a process of PHP: that of sodium with keys, and that of deflate without. */
export interface PhpMarshallers extends Disposable {
  createKeyPair(): Promise<Uint8Array>;
  marshall(value: Uint8Array, keys?: readonly Uint8Array[]): Promise<Uint8Array>;
  unmarshall(value: Uint8Array, keys?: readonly Uint8Array[]): Promise<Uint8Array>;
}

export function startPhpMarshallers(): PhpMarshallers {
  const child = spawn(phpBinary(), [join(import.meta.dirname, "marshallers.php")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();

  async function ask(command: string, value?: Uint8Array, keys?: readonly Uint8Array[]): Promise<Uint8Array> {
    const encoded = { do: command, value: value && base64(value), keys: keys?.map(base64) };
    child.stdin.write(`${JSON.stringify(encoded)}\n`);
    return new Uint8Array(Buffer.from(String((await lines.next()).value), "base64"));
  }

  return {
    createKeyPair: () => ask("keypair"),
    marshall: (value, keys) => ask("marshall", value, keys),
    unmarshall: (value, keys) => ask("unmarshall", value, keys),
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
