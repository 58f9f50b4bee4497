import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A connection on which anything may be sent. */
export interface RawClient {
  readonly socket: Socket;
  /** What has come back so far. */
  readonly received: string;
  /** The status of the answer; `undefined` when the connection ended without one. */
  status(): Promise<number | undefined>;
  /** Resolves when the connection has ended, in whatever way. */
  readonly ended: Promise<void>;
}

export async function openRawClient(url: string): Promise<RawClient> {
  const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port), noDelay: true });
  let received = "";
  socket.on("error", () => {}); // followed by the end
  const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  await once(socket, "connect");
  socket.on("data", (data) => {
    received += data.toString("latin1");
  });
  return {
    socket,
    get received() {
      return received;
    },
    async status() {
      while (!received.includes("\r\n\r\n") && !socket.destroyed) await Promise.race([once(socket, "data"), ended]);
      const [, status] = /^HTTP\/1\.1 (\d+)/.exec(received) ?? [];
      return status === undefined ? undefined : Number(status);
    },
    ended,
  };
}

/** The text of a handshake. A header of `undefined` is left out. */
export function handshake(headers: { readonly [name: string]: string | undefined }, path = "/"): string {
  const all = {
    Host: "app.example",
    Upgrade: "websocket",
    Connection: "Upgrade",
    Origin: "http://app.example",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : `${name}: ${value}\r\n`));
  return `GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** A masked frame with a text, as browsers send it; with the first byte and the length as they are said to be. */
export function frame(text: string, first = 0x81): Buffer {
  const data = Buffer.from(text);
  return Buffer.concat([Buffer.from([first, 0x80 | data.length, 0, 0, 0, 0]), data]);
}
