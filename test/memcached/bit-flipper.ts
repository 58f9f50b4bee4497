import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy that flips single bits in what a server says, or in what it is asked. */
export interface BitFlipper extends AsyncDisposable {
  readonly port: number;
  /** Flips this bit, counted from the beginning of the header, in the next message of that kind. Resolves when that is done. */
  flip(fault: BitFault): Promise<void>;
  /** Resets all connections. */
  reset(): void;
}

export interface BitFault {
  readonly of: "request" | "reply";
  readonly opcodes: readonly number[];
  readonly bit: number;
}

export async function startBitFlipper(target: { readonly port: number }): Promise<BitFlipper> {
  const sockets = new Set<Socket>();
  let fault: BitFault | undefined;
  let done = () => {};
  const listener = createServer({ noDelay: true }, (client) => {
    const server = connect({ port: target.port, host: "127.0.0.1", noDelay: true });
    forward("request", client, server);
    forward("reply", server, client);
    for (const socket of [client, server]) sockets.add(socket);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");

  /** In whole messages, by the lengths that they have. */
  function forward(of: BitFault["of"], from: Socket, to: Socket): void {
    let rest: Buffer = Buffer.alloc(0);
    from.on("data", (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      let end = 0;
      for (let size = sizeAt(rest, end); end + size <= rest.length; size = sizeAt(rest, end)) {
        spoil(of, rest.subarray(end, end + size));
        end += size;
      }
      to.write(rest.subarray(0, end));
      rest = rest.subarray(end);
    });
    from.on("error", () => {});
    from.on("close", () => to.destroy());
  }

  function spoil(of: BitFault["of"], message: Buffer): void {
    if (fault?.of !== of || !fault.opcodes.includes(message.readUInt8(1))) return;
    const { bit } = fault;
    if (bit >= 8 * message.length) return;
    fault = undefined;
    message.writeUInt8(message.readUInt8(bit >> 3) ^ (0x80 >> (bit & 7)), bit >> 3);
    done();
  }

  return {
    port: (listener.address() as AddressInfo).port, // of a TCP server that listens, an object
    flip(next) {
      fault = next;
      return new Promise((resolve) => {
        done = resolve;
      });
    },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy();
      sockets.clear();
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function sizeAt(bytes: Buffer, start: number): number {
  return bytes.length - start < 24 ? Number.POSITIVE_INFINITY : 24 + bytes.readUInt32BE(start + 8);
}
