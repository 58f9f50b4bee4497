import type { IncomingMessage, Server } from "node:http";
import type { WebSocketServer } from "ws";

/**
 * The symbol that marks a listener of upgrades as one of this package, even for another copy of the package. Its value
 * tells which requests the listener takes.
 */
export const takes: unique symbol = Symbol.for("sessionwire.ws.takes");

export type Takes = (request: IncomingMessage) => boolean | Promise<boolean>;

/** The other listeners of upgrades on a server: those of this package, and foreign ones. */
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
   * Determines whose request it is. Among the listeners of this package, the first that takes it owns it; if nobody
   * takes it and there are no foreign listeners, the first of all refuses it.
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

  /**
   * Warns about a missing path: without one, it is a matter of chance which of several slow listeners answers first.
   */
  #warn(): void {
    if (this.#hasWarned || typeof this.#wss.options.path === "string") return;
    this.#hasWarned = true;
    if (Object.hasOwn(this.#wss, "shouldHandle")) return; // the application chooses in another way
    process.emitWarning(
      'The server has other listeners for upgrades (socket.io, Vite, another WebSocketServer), and the WebSocketServer of attachSessions has no path, so it also takes their requests. Give it one: new WebSocketServer({ noServer: true, path: "/socket" }).',
      { code: "SESSIONWIRE_NO_PATH" },
    );
  }
}

function isOurs(listener: object): listener is { [takes]: Takes } {
  return takes in listener;
}

/**
 * Recognises requests for the engine of socket.io, which marks the requests of its path at once, and may answer them
 * later.
 */
function isOfEngine(request: IncomingMessage): boolean {
  return "_query" in request;
}
