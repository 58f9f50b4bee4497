import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocketServer } from "ws";
import { Handshake } from "./handshake.ts";
import { closingError, goneError } from "./live-session.ts";
import type { LiveSessions } from "./live-sessions.ts";
import type { Settings } from "./options.ts";
import { answer, Refusal } from "./refusal.ts";
import { ServedSocket } from "./served-socket.ts";

/** What the gate needs of an HTTP or HTTPS server. */
type UpgradeServer = Pick<Server, "on" | "off" | "listeners">;

/** Says of a listener of upgrades that it is a gate, also to one of another copy of this package, and which requests it takes. */
const takes = Symbol.for("sessionwire.ws.takes");

type Takes = (request: IncomingMessage) => boolean | Promise<boolean>;

/** Where all handshakes come in. There may be several at one server, with a path each. */
export class Gate {
  readonly #server: UpgradeServer;
  readonly #wss: WebSocketServer;
  readonly #lives: LiveSessions;
  readonly #settings: Settings;
  readonly #handshakes = new Set<Handshake>();
  #isClosed = false;
  readonly #takes: Takes = (request) => this.#wss.shouldHandle(request);
  readonly #onUpgrade = Object.assign(
    (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      socket.on("error", ignore); // from the first moment on: Node has just taken its own listener away
      this.#admit(request, socket, head).catch((error: unknown) => {
        const refusal = error instanceof Refusal ? error : new Refusal("error", error);
        this.#refuse(socket, refusal);
      });
    },
    { [takes]: this.#takes },
  );

  constructor(server: UpgradeServer, wss: WebSocketServer, lives: LiveSessions, settings: Settings) {
    this.#server = server;
    this.#wss = wss;
    this.#lives = lives;
    this.#settings = settings;
    server.on("upgrade", this.#onUpgrade);
  }

  close(): void {
    this.#isClosed = true;
    this.#server.off("upgrade", this.#onUpgrade);
    for (const handshake of this.#handshakes) handshake.giveUp(new Refusal("closing"));
  }

  async #admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const isOurs = this.#takes(request);
    if (!(typeof isOurs === "boolean" ? isOurs : await isOurs)) {
      if (await this.#isNobodys(request)) throw new Refusal("not_found");
      return;
    }
    const handshake = new Handshake(request, socket, this.#lives, this.#settings);
    this.#handshakes.add(handshake);
    socket.once("close", handshake.leave);
    try {
      await handshake.run();
    } catch (error) {
      handshake.leave();
      throw error;
    } finally {
      this.#handshakes.delete(handshake);
    }
    // What the application throws in its listener is not for us to catch.
    process.nextTick(() => this.#open(handshake, head));
  }

  /** Whether it is left to this gate to refuse what nobody takes: to the first one, where there are none but gates. */
  async #isNobodys(request: IncomingMessage): Promise<boolean> {
    const gates: Takes[] = [];
    for (const listener of this.#server.listeners("upgrade")) {
      if (!isGate(listener)) return false;
      gates.push(listener[takes]);
    }
    if (gates[0] !== this.#takes) return false;
    const answers = await Promise.all(gates.map((gate) => gate(request)));
    return !answers.some(Boolean);
  }

  /** The session was live from before it was looked at, so that it has not ended here unnoticed. */
  #open({ request, socket, live, leave }: Handshake, head: Buffer): void {
    if (live.hasEnded || this.#isClosed) {
      leave();
      this.#refuse(socket, new Refusal(live.hasEnded ? "no_session" : "closing"));
      return;
    }
    this.#wss.handleUpgrade(request, socket, head, (webSocket) => {
      const session = new ServedSocket(webSocket, live, this.#settings);
      socket.off("close", leave); // which would keep all of the handshake in memory
      leave();
      // The `verifyClient` of ws may have taken its time.
      if (live.hasEnded) return session.end(1008, "The session has ended.", goneError());
      if (this.#isClosed) return session.end(1001, "The server is ending.", closingError());
      this.#wss.emit("connection", webSocket, request, session);
      session.begin(request);
    });
  }

  #refuse(socket: Duplex, refusal: Refusal): void {
    const { reason, status, cause } = refusal;
    if (reason !== "left") this.#settings.reports.add({ type: "refused", reason, status });
    if (cause !== undefined) this.#settings.reports.add({ type: "failed", key: undefined, error: cause });
    answer(socket, refusal);
  }
}

function isGate(listener: object): listener is { [takes]: Takes } {
  return takes in listener;
}

/** An error of a socket is followed by its end, which is all there is to know. */
function ignore(): void {}
