import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { PhpSerializer } from "sessionwire/symfony";
import { phpBinary } from "../../servers/php.ts";

/** One operation on a session of Symfony. */
export type Operation =
  | readonly ["set", name: string, value: unknown]
  | readonly ["copy", name: string, from: string]
  | readonly ["delete", name: string, nothing: null]
  | readonly ["add", type: string, message: unknown]
  | readonly ["take", type: string, nothing: null];

export interface SymfonyRequest {
  readonly bytes: Uint8Array;
  readonly serializer: PhpSerializer;
  readonly operations: readonly Operation[];
  /** The `metadata_update_threshold`. */
  readonly threshold: number;
  /** `true` for an AutoExpireFlashBag. */
  readonly expires: boolean;
}

/** The bytes that Symfony has stored, as Latin-1; `undefined` if it has destroyed the session, or an error. */
export type SymfonyAnswer = { readonly stored: string | undefined } | { readonly error: string };

/** Lets a real Symfony carry out operations on sessions, one after the other. */
export function askSymfony(requests: readonly SymfonyRequest[]): readonly SymfonyAnswer[] {
  const lines = requests.map(({ bytes, ...rest }) =>
    JSON.stringify({ ...rest, bytes: Buffer.from(bytes).toString("base64") }),
  );
  const { stdout, stderr } = spawnSync(phpBinary(), [join(import.meta.dirname, "symfony.php")], {
    input: lines.join("\n"),
    maxBuffer: 2 ** 30,
    encoding: "utf8",
  });
  const answers = stdout.trim().split("\n");
  if (answers.length !== requests.length) throw new Error(`PHP has ended after ${answers.length}: ${stderr}`);
  return answers.map((line) => {
    const { stored, error } = JSON.parse(line);
    if (error !== undefined) return { error };
    return { stored: stored === null ? undefined : Buffer.from(stored, "base64").toString("latin1") };
  });
}
