import type { Backend } from "./backend.ts";
import type { Panel } from "./messages.ts";
import { type Member, type Room, tell } from "./room.ts";

/** Changes within this time in ms are sent together. */
const withinMs = 100;

/** Shows each page the facts about its session, and keeps them up to date. */
export class Panels {
  readonly #backend: Backend;
  readonly #room: Room;
  #timer: NodeJS.Timeout | undefined;

  constructor(backend: Backend, room: Room) {
    this.#backend = backend;
    this.#room = room;
    room.subscribe(() => this.refresh());
    backend.log?.subscribe(() => this.refresh());
    backend.trial?.subscribe(() => this.refresh());
  }

  /** Updates all pages, after a moment. */
  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const member of this.#room.members) tell(member.socket, { type: "panel", panel: this.#panelOf(member) });
    }, withinMs).unref();
  }

  #panelOf({ person, user, number }: Member): Panel {
    const { description, layers, log, checkEverySeconds, trial } = this.#backend;
    const { process } = this.#room;
    const tabs = this.#room.tabs.filter((tab) => tab.person === person);
    return {
      backend: description,
      layers,
      process,
      sockets: tabs.map((tab) => ({
        process: tab.process,
        number: tab.number,
        openForMs: Date.now() - tab.enteredAt,
        isThis: tab.process === process && tab.number === number,
      })),
      openSessions: new Set(this.#room.tabs.filter((tab) => tab.user === user).map((tab) => tab.person)).size,
      check: log && { ...log.report(), everySeconds: checkEverySeconds },
      trial: trial?.report(),
    };
  }
}
