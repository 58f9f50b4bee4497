import type { IncomingMessage, Server } from "node:http";
import type { WebSocketServer } from "ws";

/** Marks a listener of upgrades as one of this package, also to another copy of it, and tells which requests it takes. */
export const takes: unique symbol = Symbol.for("sessionwire.ws.takes");

export type Takes = (request: IncomingMessage) => boolean | Promise<boolean>;

/** The other listeners of upgrades at a server: those of this package, and foreign ones. */
export class Neighbours {
  readonly #server: Pick<Server, "listeners">;
  readonly #wss: WebSocketServer;
  readonly #takes: Takes;
  #hasWarned = false;

  constructor(server: Pick<Server, "listeners">, wss: WebSocketServer, takesIt: Takes) {
    this.#server = server;
    this.#wss = wss;
    this.#takes = takesIt;
  }

  /**
   * Whose request it is. Of several listeners of this package, the first one that takes it has it, and the first one of all refuses what
   * nobody takes, where there are no foreign ones.
   */
  async placeOf(request: IncomingMessage): Promise<"ours" | "another's" | "nobody's"> {
    const listeners = this.#server.listeners("upgrade");
    const ours = (listeners as object[]).filter(isOurs).map((listener) => listener[takes]);
    const isShared = ours.length < listeners.length;
    if (isShared) this.#warn();
    const answers = await Promise.all(ours.map((takesIt) => takesIt(request)));
    const first = answers.indexOf(true);
    if (first !== -1) return ours[first] === this.#takes && !isOfEngine(request) ? "ours" : "another's";
    return ours[0] === this.#takes && !isShared ? "nobody's" : "another's";
  }

  /** Without a path, it is chance which of them answers first where several take their time. */
  #warn(): void {
    if (this.#hasWarned || typeof this.#wss.options.path === "string") return;
    this.#hasWarned = true;
    if (Object.hasOwn(this.#wss, "shouldHandle")) return; // the application chooses by other means
    process.emitWarning(
      'The server has other listeners of upgrades (socket.io, Vite, another WebSocketServer), and the WebSocketServer of attachSessions has no path, so it takes the requests for theirs as well. Give it one: new WebSocketServer({ noServer: true, path: "/socket" }).',
      { code: "SESSIONWIRE_NO_PATH" },
    );
  }
}

function isOurs(listener: object): listener is { [takes]: Takes } {
  return takes in listener;
}

/** Tells requests for the engine of socket.io, which marks the requests of its path at once, and may answer them later. */
function isOfEngine(request: IncomingMessage): boolean {
  return "_query" in request;
}
