import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { host } from "./server-process.ts";

/** A certificate for servers on the loopback interface, which vouches for itself. */
export interface Certificate extends Disposable {
  /** What a server shows, and what a client that is to trust it is given. */
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export async function createCertificate(): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: host },
        ],
      },
    ],
  });
  const directory = mkdtempSync(join(tmpdir(), "certificate-"));
  const write = (name: string, text: string) => {
    const file = join(directory, name);
    writeFileSync(file, text);
    return file;
  };
  return {
    cert,
    key,
    certFile: write("cert.pem", cert),
    keyFile: write("key.pem", key),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}
