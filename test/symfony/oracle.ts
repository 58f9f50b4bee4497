import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { PhpSerializer } from "../../adapters/symfony/php-text/session.ts";
import { phpBinary } from "../servers/php.ts";
import type { Description } from "./meaning.ts";

/** What PHP has made of a request. */
export interface OracleAnswer {
  readonly isAccepted: boolean;
  /** The meaning, if it was asked for. */
  readonly value?: Description;
  /** The bytes that PHP has written, or writes again. */
  readonly bytes?: Uint8Array;
  /** The class of what was thrown. */
  readonly error?: string;
}

type Request =
  | { readonly do: "unserialize"; readonly bytes: Uint8Array; readonly describes: boolean }
  | {
      readonly do: "decode";
      readonly bytes: Uint8Array;
      readonly serializer: PhpSerializer;
      readonly describes: boolean;
    }
  | { readonly do: "encode"; readonly value: readonly unknown[]; readonly serializer: PhpSerializer }
  | { readonly do: "serialize"; readonly value: Description }
  | { readonly do: "json"; readonly text: string }
  | { readonly do: "knows class"; readonly value: string };

/** A PHP that answers what it makes of bytes and values. Requests that are made at once travel together. */
export interface PhpOracle extends AsyncDisposable {
  /** Lets `unserialize()` read a value, and `serialize()` write it again. */
  unserialize(bytes: Uint8Array, options?: { readonly describes?: boolean }): Promise<OracleAnswer>;
  /** Lets `session_decode()` read a session, and `session_encode()` write it again. */
  decodeSession(
    bytes: Uint8Array,
    serializer: PhpSerializer,
    options?: { readonly describes?: boolean },
  ): Promise<OracleAnswer>;
  /** Lets `session_encode()` write the members of a session. */
  encodeSession(members: readonly unknown[], serializer: PhpSerializer): Promise<OracleAnswer>;
  /** Lets `serialize()` write a value. */
  serialize(value: Description): Promise<OracleAnswer>;
  /** Lets `serialize()` write what `json_decode($text, true)` returns. */
  serializeJson(text: string): Promise<OracleAnswer>;
  /** Asks if a class exists, which is asked once for each. */
  knowsClass(name: string): Promise<boolean>;
}

/** Starts the PHP of this machine, with the settings that a php.ini would have. */
export function startOracle(settings: Readonly<Record<string, string>> = {}): PhpOracle {
  const options = Object.entries(settings).flatMap(([name, value]) => ["-d", `${name}=${value}`]);
  const child = spawn(phpBinary(), [...options, join(import.meta.dirname, "oracle.php")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ask = conversationWith(child);
  const classes = new Map<string, Promise<boolean>>();
  async function askForClass(value: string): Promise<boolean> {
    return (await ask({ do: "knows class", value })).isAccepted;
  }
  return {
    unserialize: (bytes, { describes = true } = {}) => ask({ do: "unserialize", bytes, describes }),
    decodeSession: (bytes, serializer, { describes = true } = {}) =>
      ask({ do: "decode", bytes, serializer, describes }),
    encodeSession: (value, serializer) => ask({ do: "encode", value, serializer }),
    serialize: (value) => ask({ do: "serialize", value }),
    serializeJson: (text) => ask({ do: "json", text }),
    knowsClass(name) {
      const asked = classes.get(name) ?? askForClass(name);
      classes.set(name, asked);
      return asked;
    },
    async [Symbol.asyncDispose]() {
      child.stdin?.end();
      if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
    },
  };
}

function conversationWith(child: ChildProcess): (request: Request) => Promise<OracleAnswer> {
  const waiting: { resolve(answer: OracleAnswer): void; reject(error: Error): void }[] = [];
  let requests: Buffer[] = [];
  readFrames(child, (frame) => waiting.shift()?.resolve(answerOf(frame)));
  child.once("exit", (code, signal) => {
    for (const { reject } of waiting) reject(new Error(`PHP has ended: ${signal ?? code}.`));
  });
  return (request) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      requests.push(frameOf(request));
      if (requests.length === 1) queueMicrotask(sendAll);
    });

  function sendAll(): void {
    child.stdin?.write(Buffer.concat(requests));
    requests = [];
  }
}

function frameOf(request: Request): Buffer {
  const bytes = "bytes" in request ? { bytes: Buffer.from(request.bytes).toString("base64") } : {};
  const body = Buffer.from(JSON.stringify({ ...request, ...bytes }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function answerOf(frame: Buffer): OracleAnswer {
  const { bytes, ...answer } = JSON.parse(frame.toString("utf8"));
  return bytes === undefined ? answer : { ...answer, bytes: new Uint8Array(Buffer.from(bytes, "base64")) };
}

function readFrames(child: ChildProcess, onFrame: (frame: Buffer) => void): void {
  let chunks: Buffer[] = [];
  let available = 0;
  child.stdout?.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    available += chunk.length;
    let rest = chunks.length === 1 ? chunk : undefined;
    // Chunks are joined only when a frame may be complete: one by one, a large frame would take quadratic time.
    if (rest === undefined && available >= neededBytes(chunks)) rest = Buffer.concat(chunks);
    if (rest === undefined) return;
    for (let end = neededBytes([rest]); rest.length >= end; end = neededBytes([rest])) {
      onFrame(rest.subarray(4, end));
      rest = rest.subarray(end);
    }
    chunks = rest.length > 0 ? [rest] : [];
    available = rest.length;
  });
}

function neededBytes([first]: readonly Buffer[]): number {
  return first !== undefined && first.length >= 4 ? 4 + first.readUInt32BE() : 5;
}
