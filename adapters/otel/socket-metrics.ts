import type { Attributes, Counter, Meter, UpDownCounter } from "@opentelemetry/api";
import { isSessionError } from "sessionwire";
import type { SessionSocketEvent } from "sessionwire/sockets";

/** Counts events on sockets, open sockets, and the sessions that have some. */
export class SocketMetrics {
  readonly #events: Counter;
  readonly #sockets: UpDownCounter;
  readonly #sessions: UpDownCounter;
  /** The number of open sockets of each session, by the hash of the session. */
  readonly #open = new Map<string, number>();

  constructor(meter: Meter) {
    this.#events = meter.createCounter("sessionwire.socket.events", {
      description: "Number of events on sockets.",
      unit: "{event}",
    });
    this.#sockets = meter.createUpDownCounter("sessionwire.socket.count", {
      description: "Number of open sockets.",
      unit: "{socket}",
    });
    this.#sessions = meter.createUpDownCounter("sessionwire.live_session.count", {
      description: "Number of sessions with open sockets.",
      unit: "{session}",
    });
  }

  count(event: SessionSocketEvent): void {
    this.#events.add(1, attributesOf(event));
    if (event.type === "opened") this.#add(event.session, 1);
    if (event.type === "closed") this.#add(event.session, -1);
    if (event.type === "moved") this.#move(event.previousSession, event.session);
  }

  #add(session: string, sockets: number): void {
    const before = this.#open.get(session) ?? 0;
    this.#sockets.add(sockets);
    this.#set(session, before + sockets);
  }

  #move(from: string, to: string): void {
    const moved = this.#open.get(from) ?? 0;
    this.#set(from, 0);
    this.#set(to, (this.#open.get(to) ?? 0) + moved);
  }

  #set(session: string, sockets: number): void {
    const isLive = sockets > 0;
    if (isLive !== this.#open.has(session)) this.#sessions.add(isLive ? 1 : -1);
    if (isLive) this.#open.set(session, sockets);
    else this.#open.delete(session);
  }
}

function attributesOf(event: SessionSocketEvent): Attributes {
  const type = { "sessionwire.event.type": event.type };
  switch (event.type) {
    case "refused":
    case "ended":
      return { ...type, "sessionwire.event.reason": event.reason };
    case "closed":
      return { ...type, "sessionwire.close_code": event.code };
    case "failed":
      return { ...type, "error.type": isSessionError(event.error) ? event.error.code : "_OTHER" };
    default:
      return type;
  }
}
