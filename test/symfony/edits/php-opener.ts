import { join } from "node:path";
import type { PhpSerializer } from "sessionwire/symfony";
import { startPhpServer } from "../php-server.ts";
import type { Edited } from "./edit.ts";

export interface PhpOpener extends AsyncDisposable {
  /** Lets PHP open a session before and after an edit, and returns what is not as it was although it was not edited. */
  differences(serializer: PhpSerializer, before: Uint8Array, after: Uint8Array, edited: Edited): Promise<string[]>;
}

export async function startPhpOpener(): Promise<PhpOpener> {
  const { url, ...server } = await startPhpServer({ script: join(import.meta.dirname, "open.php") });
  return {
    async differences(serializer, before, after, { attributes, flashes, hasCopies }) {
      const texts = { before: base64Of(before), after: base64Of(after) };
      const request = { serializer, ...texts, attributes: [...attributes], flashes: [...flashes], hasCopies };
      const response = await fetch(url, { method: "POST", body: JSON.stringify(request) });
      const text = await response.text();
      if (!response.ok) throw new Error(`PHP has answered with ${response.status}: ${text}`);
      return JSON.parse(text);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
