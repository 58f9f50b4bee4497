import type { Attributes, Counter, Meter } from "@opentelemetry/api";
import { isSessionError, type SessionEvent, type SessionManager } from "sessionwire";

/** Counts events on sessions, and what writes of changes contain. */
export class SessionMetrics {
  readonly #events: Counter;
  readonly #writes: Counter;
  readonly #changes: Counter;
  readonly #conflicts: Counter;

  constructor(meter: Meter) {
    const counter = (name: string, unit: string, description: string) =>
      meter.createCounter(`sessionwire.session.${name}`, { unit, description });
    this.#events = counter("events", "{event}", "Number of events on sessions.");
    this.#writes = counter("writes", "{write}", "Number of writes that store changes of sessions.");
    this.#changes = counter("changes", "{change}", "Number of changes in these writes, which share them.");
    this.#conflicts = counter("conflicts", "{conflict}", "Number of times that changes were made again for them.");
  }

  observe(sessions: Pick<SessionManager, "subscribe" | "subscribeToWrites">): () => void {
    const endings = [
      sessions.subscribe((event) => this.#events.add(1, attributesOf(event))),
      sessions.subscribeToWrites(({ changes, conflicts }) => {
        this.#writes.add(1);
        this.#changes.add(changes);
        this.#conflicts.add(conflicts);
      }),
    ];
    return () => {
      for (const end of endings) end();
    };
  }
}

function attributesOf(event: SessionEvent): Attributes {
  return {
    "sessionwire.event.type": event.type,
    "sessionwire.event.origin": event.origin,
    ...("reason" in event && { "sessionwire.event.reason": event.reason }),
    ...("error" in event && { "error.type": isSessionError(event.error) ? event.error.code : "_OTHER" }),
  };
}
