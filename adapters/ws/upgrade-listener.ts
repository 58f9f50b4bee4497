import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import {
  type AcceptedHandshake,
  handshakeRequest,
  isWebSocketHandshake,
  type SessionSocketServer,
} from "sessionwire/sockets";
import type { WebSocketServer } from "ws";
import { bindSocket } from "./bind-socket.ts";
import { Neighbours, type Takes, takes } from "./neighbours.ts";
import type { WsTypes } from "./options.ts";
import { Upgrade } from "./upgrade.ts";

/** The members of an HTTP or HTTPS server that are used. */
type UpgradeServer = Pick<Server, "prependListener" | "off" | "listeners">;

/**
 * The listener that receives all handshakes. There may be several on one server, with a path each, and others beside
 * them.
 */
export class UpgradeListener {
  readonly #wss: WebSocketServer;
  readonly #sockets: SessionSocketServer<WsTypes>;
  readonly #neighbours: Neighbours;
  readonly #takes: Takes = (request) => this.#wss.shouldHandle(request);
  readonly #onUpgrade = Object.assign(
    (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      const upgrade = new Upgrade(request, socket, head);
      this.#admit(upgrade).catch((error: unknown) => upgrade.refuse(this.#sockets.refuse("error", error)));
    },
    { [takes]: this.#takes },
  );

  /** Called before all other listeners, so that it sees which of them answers. */
  constructor(server: UpgradeServer, wss: WebSocketServer, sockets: SessionSocketServer<WsTypes>) {
    this.#wss = wss;
    this.#sockets = sockets;
    this.#neighbours = new Neighbours(server, wss, this.#takes);
    server.prependListener("upgrade", this.#onUpgrade);
    sockets.closing.addEventListener("abort", () => server.off("upgrade", this.#onUpgrade));
  }

  async #admit(upgrade: Upgrade): Promise<void> {
    const { request } = upgrade;
    const place = await this.#neighbours.placeOf(request);
    if (place === "nobody's") return upgrade.refuse(this.#sockets.refuse("not-found"));
    if (place === "another's") return upgrade.leave();
    if (upgrade.isTaken) return this.#leave(upgrade);
    if (upgrade.isGone) return upgrade.refuse(this.#sockets.refuse("left")); // while a path was looked up
    if (!isWebSocketHandshake(request)) return upgrade.refuse(this.#sockets.refuse("bad-request"));
    const decision = await this.#sockets.decide(handshakeRequest(request), upgrade.whenGone);
    if (upgrade.isTaken) return this.#leave(upgrade);
    if (!decision.accepted) return upgrade.refuse(decision);
    // Nobody catches an error that the application throws in its listener.
    process.nextTick(() => this.#open(upgrade, decision));
  }

  #open(upgrade: Upgrade, decision: AcceptedHandshake<WsTypes>): void {
    const refused = upgrade.isTaken ? undefined : decision.confirm();
    if (upgrade.isTaken) this.#leave(upgrade);
    else if (refused) upgrade.refuse(refused);
    else this.#handOver(upgrade, decision);
  }

  #handOver(upgrade: Upgrade, decision: AcceptedHandshake<WsTypes>): void {
    const { request, socket, head } = upgrade;
    let isOpen = false;
    upgrade.handOver(() => {
      if (!isOpen && upgrade.isTaken) this.#sockets.refuse("declined");
    });
    try {
      this.#wss.handleUpgrade(request, socket, head, (webSocket) => {
        isOpen = true;
        const session = bindSocket(webSocket, socket, decision, this.#sockets);
        upgrade.leave();
        if (!session.isOpen) return; // the `verifyClient` of ws may have taken some time
        this.#wss.emit("connection", webSocket, request, session);
        session.begin();
      });
    } catch (error) {
      if (isOpen) throw error;
      upgrade.refuse(this.#sockets.refuse("error", error));
    }
  }

  /** Another listener has answered, and owns the connection. */
  #leave(upgrade: Upgrade): void {
    upgrade.giveUp();
    this.#sockets.refuse("taken");
  }
}
