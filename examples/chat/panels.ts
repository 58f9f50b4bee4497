import type { SessionSockets } from "sessionwire/ws";
import { type Backend, checkEverySeconds } from "./backend.ts";
import type { Panel } from "./messages.ts";
import { type Member, type Room, tell } from "./room.ts";

/** Several changes within this time are told together. */
const withinMs = 100;

/** Shows each page what there is to be seen of its session, and keeps it up to date. */
export class Panels {
  readonly #backend: Backend;
  readonly #room: Room;
  readonly #sockets: SessionSockets;
  #timer: NodeJS.Timeout | undefined;

  constructor(backend: Backend, room: Room, sockets: SessionSockets) {
    this.#backend = backend;
    this.#room = room;
    this.#sockets = sockets;
    backend.log?.subscribe(() => this.refresh());
    backend.trial?.subscribe(() => this.refresh());
  }

  /** Tells all pages, in a moment. */
  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const member of this.#room.members) tell(member.socket, { type: "panel", panel: this.#panelOf(member) });
    }, withinMs).unref();
  }

  #panelOf({ session, socket }: Member): Panel {
    const { description, layers, log, trial } = this.#backend;
    const open = new Set(this.#sockets.socketsOf(session.id));
    const tabs = this.#room.members.filter((member) => open.has(member.socket));
    return {
      backend: description,
      layers,
      sockets: tabs.map(({ number, enteredAt, socket: other }) => ({
        number,
        openForMs: performance.now() - enteredAt,
        isThis: other === socket,
      })),
      check: log && { ...log.report(), everySeconds: checkEverySeconds },
      trial: trial?.report(),
    };
  }
}
