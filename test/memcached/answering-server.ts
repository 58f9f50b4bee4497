import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** The header of a reply, and a body. */
export function reply(fields: {
  magic?: number;
  opcode?: number;
  keyLength?: number;
  bodyLength?: number;
  opaque: number;
}) {
  const header = Buffer.alloc(24);
  const { magic = 0x81, opcode = 0, keyLength = 0, bodyLength = 0, opaque } = fields;
  header.writeUInt8(magic, 0);
  header.writeUInt8(opcode, 1);
  header.writeUInt16BE(keyLength, 2);
  header.writeUInt32BE(bodyLength, 8);
  header.writeUInt32BE(opaque, 12);
  return header;
}

/** A reply to this request that refuses it, and says all of it. */
export function refusal(status: number, request: Buffer): Buffer {
  const [opcode, opaque] = [request.readUInt8(1), request.readUInt32BE(12)];
  const header = reply({ opcode, opaque, bodyLength: request.length });
  header.writeUInt16BE(status, 6);
  return Buffer.concat([header, request]);
}

/** What is asked only so that it is answered: for the settings, and whether the connection works. */
const asides: readonly number[] = [0x0a, 0x10];

/** A server that answers such questions as it should be, and everything else as the test says. */
export async function startAnswering(answer: (opaque: number, opcode: number, request: Buffer) => Buffer) {
  let open = 0;
  const listener = createServer((socket) => {
    open += 1;
    socket.on("error", () => {});
    socket.on("close", () => {
      open -= 1;
    });
    socket.on("data", (bytes) => {
      for (const request of requestsIn(bytes)) {
        const [opcode, opaque] = [request.readUInt8(1), request.readUInt32BE(12)];
        socket.write(asides.includes(opcode) ? reply({ opcode, opaque }) : answer(opaque, opcode, request));
      }
    });
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    get open() {
      return open;
    },
    [Symbol.dispose]: () => listener.close(),
  };
}

/** Requests so small come in one piece. */
function* requestsIn(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; ) {
    const end = start + 24 + bytes.readUInt32BE(start + 8);
    yield bytes.subarray(start, end);
    start = end;
  }
}
