import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { HandshakeRequest, SessionSocketServer } from "sessionwire/sockets";
import type { WebSocketServer } from "ws";
import { bindSocket } from "./bind-socket.ts";
import type { WsTypes } from "./options.ts";
import { writeRefusal } from "./write-refusal.ts";

/** An HTTP or HTTPS server, as far as it is needed. */
type UpgradeServer = Pick<Server, "on" | "off" | "listeners">;

/** Marks a listener of upgrades as one of this package, also to another copy of it, and tells which requests it takes. */
const takes = Symbol.for("sessionwire.ws.takes");

type Takes = (request: IncomingMessage) => boolean | Promise<boolean>;

/** The listener where all handshakes come in. There may be several at one server, with a path each. */
export class UpgradeListener {
  readonly #server: UpgradeServer;
  readonly #wss: WebSocketServer;
  readonly #sockets: SessionSocketServer<WsTypes>;
  readonly #takes: Takes = (request) => this.#wss.shouldHandle(request);
  readonly #onUpgrade = Object.assign(
    (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      socket.on("error", ignore); // from the first moment on: Node has just taken its own listener away
      this.#admit(request, socket, head).catch((error: unknown) => {
        writeRefusal(socket, this.#sockets.refuse("error", error));
      });
    },
    { [takes]: this.#takes },
  );

  constructor(server: UpgradeServer, wss: WebSocketServer, sockets: SessionSocketServer<WsTypes>) {
    this.#server = server;
    this.#wss = wss;
    this.#sockets = sockets;
    server.on("upgrade", this.#onUpgrade);
    sockets.closing.addEventListener("abort", () => server.off("upgrade", this.#onUpgrade));
  }

  async #admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const isOurs = this.#takes(request);
    if (!(typeof isOurs === "boolean" ? isOurs : await isOurs)) {
      if (await this.#isNobodys(request)) writeRefusal(socket, this.#sockets.refuse("not_found"));
      return;
    }
    if (!socket.readable) return writeRefusal(socket, this.#sockets.refuse("left")); // while a path was looked up
    if (!isWebSocketHandshake(request)) return writeRefusal(socket, this.#sockets.refuse("bad_request"));
    const gone = new AbortController();
    const onGone = () => gone.abort();
    socket.once("close", onGone).once("end", onGone);
    const decision = await this.#sockets.decide(handshakeRequest(request), gone.signal);
    socket.off("end", onGone); // from here on, ws answers to it
    if (!decision.accepted) return writeRefusal(socket, decision);
    // Nobody catches what the application throws in its listener.
    process.nextTick(() => {
      const refused = decision.confirm();
      if (refused) return writeRefusal(socket, refused);
      this.#wss.handleUpgrade(request, socket, head, (webSocket) => {
        const session = bindSocket(webSocket, socket, decision, this.#sockets);
        socket.off("close", onGone); // which would keep all of the handshake in memory
        if (!session.isOpen) return; // the `verifyClient` of ws may have taken its time
        this.#wss.emit("connection", webSocket, request, session);
        session.begin();
      });
    });
  }

  /** Whether it is left to this listener to refuse what nobody takes: to the first one, where there are no others than ours. */
  async #isNobodys(request: IncomingMessage): Promise<boolean> {
    const ours: Takes[] = [];
    for (const listener of this.#server.listeners("upgrade")) {
      if (!isOurs(listener)) return false;
      ours.push(listener[takes]);
    }
    if (ours[0] !== this.#takes) return false;
    const answers = await Promise.all(ours.map((takesIt) => takesIt(request)));
    return !answers.some(Boolean);
  }
}

function handshakeRequest(request: IncomingMessage): HandshakeRequest<IncomingMessage> {
  return {
    url: request.url ?? "",
    raw: request,
    header(name) {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(", ") : value;
    },
  };
}

/** Asked before anybody is troubled with it; ws asks the same, and some more. (RFC 6455, 4.2.1) */
function isWebSocketHandshake({ method, headers }: IncomingMessage): boolean {
  return (
    method === "GET" &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    /^[+/0-9A-Za-z]{22}==$/.test(headers["sec-websocket-key"] ?? "") &&
    ["13", "8"].includes(headers["sec-websocket-version"] ?? "")
  );
}

function isOurs(listener: object): listener is { [takes]: Takes } {
  return takes in listener;
}

/** An error of a socket is followed by its end, which is all there is to know. */
function ignore(): void {}
