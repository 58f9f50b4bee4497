import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** How a server or a proxy repeats what it was sent: all of it stands in the place of `…`. */
export const repetitions: readonly string[] = [
  "ERR failed on …",
  "ERR unknown command '…'",
  "ERR unknown command …, with args beginning with: …",
  "ERR Error running script (call to f_0): @user_script:3: … script: f_0, on @user_script:3.",
  'ERR bad "half a quotation of …',
  "OOM …",
  "WRONGTYPE …",
  "NOPERM this user has no permissions to access the key …",
  "MISCONF it's … that isn't saved",
  "…",
  "upstream failure: … (no healthy host)",
];

interface RepeatingServer extends Disposable {
  readonly url: string;
  /** From now on it says this. */
  say(error: string): void;
}

/** A server that opens every connection, and repeats whatever else it is told in an error: for what no Redis says, and proxies do. */
export async function startRepeating(repetition: string): Promise<RepeatingServer> {
  let said = repetition;
  const listener = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      for (const command of bytes.toString("latin1").split(/(?=^\*\d+\r\n)/m)) {
        const words = Array.from(command.matchAll(/^\$\d+\r\n(.*)\r\n/gm), ([, word]) => word);
        const isOpening = /^(auth|client|hello|info|ping|select)$/i.test(words[0] ?? "");
        socket.write(isOpening ? "+PONG\r\n" : `-${said.replaceAll("…", words.join(" "))}\r\n`);
      }
    });
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo; // the address of a TCP server that listens is an object
  return {
    url: `redis://127.0.0.1:${port}`,
    say(error) {
      said = error;
    },
    [Symbol.dispose]: () => listener.close(),
  };
}
